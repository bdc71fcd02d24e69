#!/usr/bin/env python3
"""Checks the models of tests/model/*.pml with Spin: `run_spin.py FOLDER MODEL...`.

Of each: no assertion fails and nothing stands still; the ltl property, under weak fairness; and
with BROKEN defined an assertion fails, so that the model can. Ends in `N passed, N failed`.
"""
import re
import subprocess
import sys
from pathlib import Path


def errors(folder, model, defines, flags, *options):
    """Makes a verifier and runs it: the number of errors that it found."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["spin", *defines, "-a", model.resolve()], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["gcc", "-O2", "-w", *flags, "-o", "pan", "pan.c"], cwd=folder, check=True)
    run = subprocess.run(["./pan", "-m1000000", *options], cwd=folder, check=True, text=True,
                         stdout=subprocess.PIPE)
    return int(re.search(r"errors: (\d+)", run.stdout)[1])


def main():
    folder, models = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    failed = 0
    for model in models:
        safety, live = ["-DSAFETY", "-DNOCLAIM"], ["-DNFAIR=4"]
        for what, holds in (
                ("nothing wrong is reached", errors(folder, model, [], safety) == 0),
                ("its property", errors(folder, model, [], live, "-a", "-f") == 0),
                ("it can fail", errors(folder, model, ["-DBROKEN"], safety) > 0)):
            print(f"{'ok' if holds else 'FAIL'} {model.stem}: {what}")
            failed += not holds
    print(f"{3 * len(models) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
