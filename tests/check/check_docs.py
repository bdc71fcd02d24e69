"""docs/syscalls has exactly one page for each system call, and no link leads nowhere.

The page of call 7 ALLOC_MEMORY is docs/syscalls/alloc_memory.md, or with any prefix of
digits and a '-' or '_'. Its first heading has the number and the name; it has sections
about the rights that the call needs and about its errors, in which each MN_ERROR_* that it
names exists.
"""
import os
import re

import tree

ROWS = "abi/include/abi/syscall_numbers.def"
PAGES = "docs/syscalls/"
INDEX = ("README.md", "index.md")


def calls():
    """{name: number} by the table."""
    rows = re.findall(r"^SYSCALL\((\d+), *(\w+),", tree.text(ROWS), re.M)
    return {name: int(number) for number, name in rows}


def page_name(path):
    """The call that a page is about, by its file name."""
    stem = os.path.basename(path)[:-len(".md")].replace("-", "_")
    return re.sub(r"^\d+_", "", stem).upper()


def page_complaints(path, name, number, statuses):
    text = tree.text(path)
    title = re.search(r"^# (.*)$", text, re.M)
    complaints = []
    if not title or not re.search(rf"\b{number}\b", title.group(1)) \
            or not re.search(rf"\b{name}\b", title.group(1)):
        complaints.append(f"{path}: its first heading must hold {number} and {name}")
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    for section in ("rights", "errors"):
        if not any(section in heading.lower() for heading in headings):
            complaints.append(f"{path}: it has no section about {section}")
    for status in set(re.findall(r"\bMN_ERROR_\w+", text)) - statuses:
        complaints.append(f"{path}: {status} does not exist")
    return complaints


def syscall_pages(_context):
    table = calls()
    statuses = set(re.findall(r"#define (MN_ERROR_\w+)", tree.text("abi/include/abi/status.h")))
    pages = [path for path in tree.files_in((".md",), (PAGES,))
             if os.path.basename(path) not in INDEX]
    complaints, seen = [], {}
    for path in pages:
        name = page_name(path)
        if name not in table:
            complaints.append(f"{path}: {ROWS} has no call {name}")
        elif name in seen:
            complaints.append(f"{path}: {seen[name]} is about {name} already")
        else:
            seen[name] = path
            complaints += page_complaints(path, name, table[name], statuses)
    complaints += [f"{PAGES}{name.lower()}.md is missing (call {table[name]})"
                   for name in table if name not in seen]
    return complaints, f"{len(table)} calls"


def links(_context):
    """Each relative link of a Markdown file leads to a file of the project."""
    complaints, count = [], 0
    for path in tree.files_in((".md",)):
        text = re.sub(r"```.*?```", "", tree.text(path), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:|#", target):
                continue
            count += 1
            there = os.path.join(os.path.dirname(path), target.split("#")[0])
            if not os.path.exists(there):
                complaints.append(f"{path}: the link {target} leads nowhere")
    return complaints, f"{count} links"
