"""Initrds other than the one that was built."""

import io
import tarfile

from harness import INITRD


def files(initrd=INITRD):
    """{name: content} of an archive's files, in its order."""
    with tarfile.open(initrd) as archive:
        return {entry.name.removeprefix("./"): archive.extractfile(entry).read()
                for entry in archive if entry.isfile()}


def archive_of(content):
    """A USTAR archive of {name: content}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def with_file(folder, name, data):
    """The built initrd with one file replaced; returns the path."""
    return folder.write("initrd.tar", archive_of({**files(), name: data}))


def without_file(folder, name):
    """The built initrd without one of its files."""
    content = files()
    del content[name]
    return folder.write("initrd.tar", archive_of(content))


def header_offset(name, initrd=INITRD):
    """Where the header of a file stands in the archive."""
    with tarfile.open(initrd) as archive:
        for entry in archive:
            if entry.name.removeprefix("./") == name:
                return entry.offset
    raise KeyError(name)
