"""Makes build/, the folder that is deployed: src/ and the packages of requirements.txt, for Lambda's machines.

`lmi deploy` runs it, and says for which runtime and architecture. Needs pip only where there are requirements.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent
BUILD = PROJECT / "build"
REQUIREMENTS = PROJECT / "requirements.txt"

# What pip calls the machines of Lambda's Python runtimes: Amazon Linux 2023, glibc 2.34.
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
GLIBC = [(2, 34), (2, 28), (2, 17)]


def main():
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.copytree(PROJECT / "src", BUILD, ignore=shutil.ignore_patterns("__pycache__"))
    if any(requirements()):
        install(os.environ.get("LMI_RUNTIME", "python3.14"), os.environ.get("LMI_ARCH", "x86_64"))


def requirements():
    lines = (line.split("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    return [line for line in lines if line]


def install(runtime, architecture):
    machine = MACHINES[architecture]
    platforms = [f"manylinux_{major}_{minor}_{machine}" for major, minor in GLIBC]
    platforms.append(f"manylinux2014_{machine}")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--requirement", REQUIREMENTS, "--target", BUILD, "--no-compile"]
    # Wheels for Lambda's machine, whatever this one is; what has none would have to be built there.
    command += ["--only-binary=:all:", "--python-version", runtime.removeprefix("python")]
    for platform in platforms:
        command += ["--platform", platform]
    if subprocess.run(command).returncode != 0:
        sys.exit("The packages of requirements.txt could not be installed.")


if __name__ == "__main__":
    main()
