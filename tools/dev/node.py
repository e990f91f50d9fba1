"""Node for the web workspace: the one on PATH when new enough, else an exact version from npm.

Debian 12 has Node 18 and npm 9; the web tools need 20.19. The registry serves Node itself as a
package, so Debian's npm can fetch it, into .cache/node, without scripts and without a download
by hand. Debian's npm only runs on Debian's node, so npm comes along.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import subprocess
from pathlib import Path

from .console import DevError
from .paths import CACHE
from .process import must

OLDEST = (20, 19, 0)
NODE_VERSION = "22.23.3"
NPM_VERSION = "10.9.4"
ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64"}


def _version(node: str) -> tuple[int, ...]:
    out = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in out.strip().lstrip("v").split(".") if part.isdigit())


@functools.cache
def environment() -> dict[str, str]:
    """Environment in which `node`, `npm` and `npx` are the ones to use. Installs them if needed."""
    found = shutil.which("node")
    env = {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1", "npm_config_fund": "false",
           "npm_config_audit": "false", "npm_config_update_notifier": "false",
           "npm_config_omit_lockfile_registry_resolved": "true"}
    if found and shutil.which("npm") and _version(found) >= OLDEST:
        return env
    bin_folder = CACHE / "node" / "bin"
    if _version_in(bin_folder) != NODE_VERSION:
        _install(bin_folder)
    return {**env, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}


def _version_in(bin_folder: Path) -> str:
    node = bin_folder / "node"
    return ".".join(map(str, _version(str(node)))) if node.exists() else ""


def _install(bin_folder: Path) -> None:
    npm = shutil.which("npm")
    architecture = ARCHITECTURES.get(platform.machine())
    if not npm or not architecture:
        raise DevError("Node ≥ 20.19 is needed for the web build and could not be installed here")
    prefix = CACHE / "node"
    prefix.mkdir(parents=True, exist_ok=True)
    package = f"node-linux-{architecture}"
    must(f"install Node {NODE_VERSION}",
         [npm, "install", "--prefix", prefix, "--ignore-scripts", "--no-audit", "--no-fund",
          f"{package}@{NODE_VERSION}", f"npm@{NPM_VERSION}"])
    bin_folder.mkdir(exist_ok=True)
    modules = prefix / "node_modules"
    for name, target in (("node", modules / package / "bin" / "node"),
                         ("npm", modules / "npm" / "bin" / "npm-cli.js"),
                         ("npx", modules / "npm" / "bin" / "npx-cli.js")):
        link = bin_folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(target, bin_folder))
        target.chmod(0o755)
