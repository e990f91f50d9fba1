"""libfenqi-engine: what it exports, and a life by its header and itself alone, from C and C++."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
SAID = """refused 0
first interest 100.00
activated 0
paid 0
2 lines, interest_recognised first
nothing paid: amount_invalid
left 9773.37
settles 9260.86
explained 9260.86
then settled 1
"""


class Embedding(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="fenqi-embed-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        # Away from the source tree: only what would be installed is there.
        (self.folder / "fenqi").mkdir()
        shutil.copy(os.environ["FENQI_ENGINE_HEADER"], self.folder / "fenqi" / "engine.h")
        library = Path(os.environ["FENQI_ENGINE_LIBRARY"])
        for name in ("libfenqi-engine.so", "libfenqi-engine.so.0"):
            shutil.copy(library, self.folder / name)
        shutil.copy(HERE / "life.c", self.folder)

    def lives(self, *compiler: str) -> None:
        program = self.folder / "life"
        built = subprocess.run(
            [*compiler, *STRICT, f"-I{self.folder}", self.folder / "life.c", "-x", "none",
             f"-L{self.folder}", "-lfenqi-engine", f"-Wl,-rpath,{self.folder}", "-o", program],
            capture_output=True, text=True, check=False)
        self.assertEqual((built.returncode, built.stderr), (0, ""))
        done = subprocess.run([program], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, SAID, ""))

    def test_a_life_in_c(self) -> None:
        self.lives("cc", "-std=c17")

    @unittest.skipUnless(shutil.which("clang"), "no second compiler")
    def test_a_life_in_c_by_the_second_compiler(self) -> None:
        self.lives("clang", "-std=c11")

    @unittest.skipUnless(shutil.which("clang"), "no C++ compiler")
    def test_a_life_in_cpp(self) -> None:
        self.lives("clang", "-x", "c++", "-std=c++17")

    def test_only_the_table_is_exported(self) -> None:
        out = subprocess.run(["nm", "-D", "--defined-only", "--format=posix",
                              self.folder / "libfenqi-engine.so"],
                             capture_output=True, text=True, check=True).stdout
        exported = {line.split()[0].split("@")[0] for line in out.splitlines()}
        table = [line.split("\t")[0] for line in
                 (ROOT / "spec" / "embedding.tsv").read_text("utf-8").splitlines()
                 if line and not line.startswith("#")]
        functions = {f"fenqi_{name}" for name in table if not name.isupper()}
        self.assertEqual(exported, functions | {"fenqi_engine_layout", "fenqi_engine_version"})

    def test_it_asks_nobody(self) -> None:
        out = subprocess.run(["nm", "-D", "--undefined-only", "--format=posix",
                              self.folder / "libfenqi-engine.so"],
                             capture_output=True, text=True, check=True).stdout
        needed = {line.split()[0].split("@")[0] for line in out.splitlines()}
        allowed = {"abort", "fprintf", "__fprintf_chk", "stderr", "fflush", "memcpy", "memmove",
                   "memset", "memcmp", "memchr", "strlen", "__stack_chk_fail", "__memcpy_chk",
                   "__cxa_finalize", "__gmon_start__", "_ITM_deregisterTMCloneTable",
                   "_ITM_registerTMCloneTable"}
        self.assertEqual(sorted(needed - allowed), [])


if __name__ == "__main__":
    unittest.main()
