"""Every guard finds a planted violation and is silent on the tree without it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from dev.guards import c_source, formatted, layers, linking, routes, symbols, tidy
from dev.paths import ROOT

CLEAN_C = """/* clean.c: a file as it should be. Exports clean(). */
#include "base/money.h"

#include <stdint.h>

int64_t clean(int64_t amount_fen) {
    switch (amount_fen) {
    case 1:
        return 2;
    }
    return amount_fen;
}
"""


class Planted(unittest.TestCase):
    """A temporary tree with the real spec tables, into which files are planted."""

    def setUp(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="fenqi-planted-"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "spec").mkdir()
        for table in ("layers.tsv", "symbols.tsv"):
            shutil.copy(ROOT / "spec" / table, self.root / "spec")
        (self.root / "spec" / "ratchet.tsv").write_text("# empty\n")
        shutil.copy(ROOT / ".clang-format", self.root)
        self.plant("src/engine/clean.c", CLEAN_C)

    def plant(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def assertOnly(self, violations: list, *words: str) -> None:
        """Exactly one violation, which says all the words."""
        self.assertEqual(len(violations), 1, "\n".join(map(str, violations)))
        for word in words:
            self.assertIn(word, str(violations[0]))


class Layers(Planted):
    def test_clean_tree(self) -> None:
        self.assertEqual(layers.find(self.root), [])

    def test_engine_may_not_include_ledger(self) -> None:
        self.plant("src/engine/bad.c", '/* bad */\n#include "ledger/entry.h"\n')
        self.assertOnly(layers.find(self.root), "src/engine/bad.c:2", "engine", "ledger/entry.h")

    def test_service_sees_only_the_channel_header(self) -> None:
        self.plant("src/service/pay.c",
                   '/* x */\n#include "channel/channel.h"\n#include "channel/wechat.h"\n')
        self.assertOnly(layers.find(self.root), "channel/wechat.h")

    def test_driver_header_is_private(self) -> None:
        self.plant("src/service/pay.c",
                   '/* x */\n#include "store/store.h"\n#include "store/driver.h"\n')
        self.assertOnly(layers.find(self.root), "store/driver.h", "private")

    def test_database_library_stays_in_the_store(self) -> None:
        self.plant("src/service/pay.c", "/* x */\n#include <sqlite3.h>\n")
        self.assertOnly(layers.find(self.root), "<sqlite3.h>")

    def test_folder_prefix_of_a_library(self) -> None:
        self.plant("src/api/pay.c", "/* x */\n#include <event2/http.h>\n")
        self.assertOnly(layers.find(self.root), "<event2/http.h>")

    def test_engine_has_no_clock_header(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\n#include <time.h>\n")
        self.assertOnly(layers.find(self.root), "pure", "<time.h>")

    def test_unknown_room(self) -> None:
        self.plant("src/attic/x.c", "/* x */\n")
        self.assertOnly(layers.find(self.root), "attic")

    def test_sandbox_may_not_share_code_with_channel(self) -> None:
        self.plant("sandbox/x.c", '/* x */\n#include "channel/wechat.h"\n')
        self.assertOnly(layers.find(self.root), "sandbox", "channel/wechat.h")

    def test_include_without_a_room(self) -> None:
        self.plant("src/engine/clean.h", "/* x */\n")
        self.plant("src/engine/bad.c", '/* x */\n#include "clean.h"\n#include "made.inc"\n')
        self.assertOnly(layers.find(self.root), "from the root")

    def test_bad_table_is_refused(self) -> None:
        (self.root / "spec" / "layers.tsv").write_text("room base -\n")
        with self.assertRaises(ValueError):
            layers.find(self.root)


class Linking(Planted):
    NINJA = ("build tests/unit/engine/test_x: c_LINKER tests/x.c.o | src/base/libfenqi_base.a "
             "src/engine/libfenqi_engine.a{more}\n LINK_ARGS = -Wl,--start-group "
             "src/base/libfenqi_base.a /usr/lib/x86_64-linux-gnu/libcmocka.so{flag}\n\n")

    def find(self, more: str = "", flag: str = "") -> list:
        self.plant("build/build.ninja", self.NINJA.format(more=more, flag=flag))
        return linking.find(self.root / "build")

    def test_clean(self) -> None:
        self.assertEqual(self.find(), [])

    def test_engine_test_links_the_store(self) -> None:
        self.assertOnly(self.find(more=" src/store/libfenqi_store.a"), "libfenqi_store.a")

    def test_engine_test_links_a_foreign_library(self) -> None:
        self.assertOnly(self.find(flag=" /usr/lib/libsqlite3.so"), "libsqlite3.so")

    def test_engine_test_links_by_flag(self) -> None:
        self.assertOnly(self.find(flag=" -lpthread"), "-lpthread")


class Symbols(Planted):
    def library(self, room: str, source: str) -> None:
        folder = self.root / "build" / "src" / room
        folder.mkdir(parents=True, exist_ok=True)
        (self.root / "src" / room).mkdir(parents=True, exist_ok=True)
        (self.root / "src" / room / "meson.build").write_text("")
        self.plant(f"{room}.c", source)
        subprocess.run(["gcc", "-O2", "-c", self.root / f"{room}.c", "-o", folder / "x.o"],
                       check=True)
        subprocess.run(["ar", "rcs", folder / f"libfenqi_{room}.a", folder / "x.o"], check=True)

    def test_arithmetic_is_allowed(self) -> None:
        self.library("engine", "__int128 f(__int128 a, __int128 b) { return a / b; }\n")
        self.assertEqual(symbols.find(self.root, self.root / "build"), [])

    def test_a_clock_is_found(self) -> None:
        self.library("engine", "#include <time.h>\nlong f(void) { return time(0); }\n")
        self.assertOnly(symbols.find(self.root, self.root / "build"), "'time'", "engine")

    def test_an_allocator_is_found(self) -> None:
        self.library("ledger", "#include <stdlib.h>\nvoid *f(int n) { return malloc(n); }\n")
        self.assertOnly(symbols.find(self.root, self.root / "build"), "'malloc'", "ledger")

    def test_base_offers_its_symbols_to_engine(self) -> None:
        self.library("base", "int g(int a) { return a + 1; }\n")
        self.library("engine", "int g(int a);\nint f(int a) { return g(a) * 2; }\n")
        self.assertEqual(symbols.find(self.root, self.root / "build"), [])

    def test_ledger_may_not_use_engine(self) -> None:
        self.library("base", "int b;\n")
        self.library("engine", "int g(int a) { return a; }\n")
        self.library("ledger", "int g(int a);\nint f(int a) { return g(a); }\n")
        self.assertOnly(symbols.find(self.root, self.root / "build"), "'g'", "ledger")

    def test_a_room_without_its_library_is_found(self) -> None:
        self.plant("src/engine/meson.build", "")
        self.assertOnly(symbols.find(self.root, self.root / "build"), "no libfenqi_engine.a")


class Formatting(Planted):
    def test_clean(self) -> None:
        self.assertEqual(formatted.find(self.root), [])

    def test_bad_indent(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\nint f(void) {\n  return 1;\n}\n")
        self.assertOnly(formatted.find(self.root), "src/engine/bad.c:2")


class Routes(unittest.TestCase):
    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="fenqi-planted-"))
        self.addCleanup(shutil.rmtree, folder)
        self.openapi = folder / "openapi.yaml"
        self.openapi.write_text("openapi: 3.1.0\nservers: [{url: /api/v1}]\npaths:\n"
                                "  /status: {get: {}}\n  /orders/{id}: {get: {}, put: {}}\n")

    def compare(self, listing: str) -> list[str]:
        return [str(v) for v in routes.compare(self.openapi, listing)]

    LISTING = "GET /api/v1/status\nGET /api/v1/orders/{order_id}\nPUT /api/v1/orders/{order_id}\n"

    def test_equal(self) -> None:
        self.assertEqual(self.compare(self.LISTING), [])

    def test_undocumented_route(self) -> None:
        found = self.compare(self.LISTING + "POST /api/v1/secret\n")
        self.assertEqual(len(found), 1)
        self.assertIn("POST /api/v1/secret is served but not documented", found[0])

    def test_documented_but_not_served(self) -> None:
        found = self.compare("\n".join(self.LISTING.splitlines()[:2]))
        self.assertEqual(len(found), 1)
        self.assertIn("PUT /api/v1/orders/{} is documented but not served", found[0])

    def test_no_routes_at_all(self) -> None:
        self.assertIn("printed no route", "\n".join(self.compare("")))


class Tidy(Planted):
    """One planted violation a rule; each rule is silent on the clean tree."""

    def test_clean_tree(self) -> None:
        for rule, find in tidy.RULES:
            self.assertEqual(find(self.root), [], rule)

    def test_opening_comment(self) -> None:
        self.plant("src/engine/bad.c", "int x;\n")
        self.assertOnly(tidy.opening_comments(self.root), "src/engine/bad.c:1")

    def test_long_line(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\n/* " + "a" * 99 + "*/\n")
        self.assertOnly(tidy.line_lengths(self.root), "src/engine/bad.c:2", "104 columns")

    def test_cjk_character_is_one_column(self) -> None:
        self.plant("src/engine/good.c", "/* " + "分" * 90 + " */\n")
        self.assertEqual(tidy.line_lengths(self.root), [])

    def test_long_file(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\n" + "int x;\n" * 600)
        self.assertOnly(tidy.sizes(self.root), "601 lines")

    def test_long_function(self) -> None:
        self.plant("src/engine/bad.c",
                   "/* x */\nstatic int long_one(int a)\n{\n" + "    a++;\n" * 70 + "}\n")
        self.assertOnly(tidy.sizes(self.root), "long_one", "73 lines")

    def test_ratchet_permits_but_only_so_much(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\n" + "int x;\n" * 600)
        self.plant("spec/ratchet.tsv", "src/engine/bad.c\t601\ta reason\n")
        self.assertEqual(tidy.sizes(self.root), [])
        self.plant("src/engine/bad.c", "/* x */\n" + "int x;\n" * 601)
        self.assertOnly(tidy.sizes(self.root), "602 lines", "ratchet permits 601")

    def test_ratchet_entry_that_is_not_needed(self) -> None:
        self.plant("spec/ratchet.tsv", "src/engine/clean.c\t700\ta reason\n")
        self.assertOnly(tidy.sizes(self.root), "delete its line")

    def test_banned_names(self) -> None:
        self.plant("src/engine/string_utils.c", "/* x */\n")
        self.assertOnly(tidy.names(self.root), "string_utils.c")

    def test_banned_function(self) -> None:
        self.plant("src/engine/bad.c",
                   "/* strcpy(a) */\nvoid f(char *a)\n{\n    strcpy(a, a);\n}\n")
        self.assertOnly(tidy.functions_banned(self.root), "src/engine/bad.c:4", "strcpy")

    def test_method_and_longer_name_are_not_banned(self) -> None:
        self.plant("src/engine/good.c",
                   "/* x */\nint f(void)\n{\n    return my_rand() + a->time();\n}\n")
        self.assertEqual(tidy.functions_banned(self.root), [])

    def test_clock_outside_the_edge(self) -> None:
        self.plant("src/service/bad.c", "/* x */\nlong f(void)\n{\n    return time(0);\n}\n")
        self.plant("src/main/good.c", "/* x */\nlong f(void)\n{\n    return time(0);\n}\n")
        self.assertOnly(tidy.functions_banned(self.root), "src/service/bad.c:4", "time()")

    def test_floating_point(self) -> None:
        self.plant("src/engine/bad.c", "/* a double */\ndouble f(void);\n")
        self.plant("src/api/good.c", "/* x */\ndouble f(void);\n")
        self.assertOnly(tidy.floating_point(self.root), "src/engine/bad.c:2")

    def test_sql_outside_the_store(self) -> None:
        text = '/* SELECT x */\nconst char *q = "SELECT a FROM b";\n'
        self.plant("src/service/bad.c", text)
        self.plant("src/store/good.c", text)
        self.assertOnly(tidy.sql_in_store_only(self.root), "src/service/bad.c:2")

    def test_default_case(self) -> None:
        self.plant("src/engine/bad.c", "/* default: */\nvoid f(int a)\n{\n    switch (a) {\n"
                   "    default:\n        break;\n    }\n}\n")
        self.plant("src/engine/good.c", "/* x */\nvoid f(int a)\n{\n    switch (a) {\n"
                   "    default: /* foreign: a byte from the wire */\n        break;\n    }\n}\n")
        self.assertOnly(tidy.no_default_case(self.root), "src/engine/bad.c:5")

    def test_machine_path(self) -> None:
        self.plant("docs/x.md", "see /" + "home/somebody/x\n")
        self.assertOnly(tidy.places_and_secrets(self.root), "docs/x.md:1")

    def test_registry_host(self) -> None:
        self.plant("web/package-lock.json", '{"resolved"' + ': "https://x"}\n')
        self.assertOnly(tidy.places_and_secrets(self.root), "package-lock.json:1")

    def test_private_key(self) -> None:
        head = "-----BEGIN RSA " + "PRIVATE KEY-----"
        self.plant("docs/good.md", f'{{"key": "{head}\\n..."}}\n')
        self.plant("tests/key.c", f"/* x */\n// {head}\nMIIEowIBAAKCAQEA" + "x" * 48 + "\n")
        self.assertOnly(tidy.places_and_secrets(self.root), "tests/key.c:2", "a private key")

    def test_carriage_return(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\n")
        (self.root / "src/engine/bad.c").write_bytes(b"/* x */\r\n")
        self.assertOnly(tidy.whitespace(self.root), "carriage")

    def test_tab(self) -> None:
        self.plant("src/engine/bad.c", "/* x */\n\tint x;\n")
        self.assertOnly(tidy.whitespace(self.root), "tabs")


class CSource(unittest.TestCase):
    def test_comments_and_strings_are_blanked(self) -> None:
        text = 'a("x // y", \'"\'); /* "b" */ c // d\ne'
        self.assertEqual(c_source.code_only(text).split(),
                         ['a("', '",', "'", "');", "c", "e"])

    def test_functions_are_measured(self) -> None:
        text = ("/* f(x) { */\nstruct money {\n    int fen;\n};\nstatic const int table[] = {\n"
                "    1,\n};\nstatic struct money add(struct money a,\n    struct money b)\n{\n"
                "    return a;\n}\n\nint g(void)\n{\n}\n")
        found = [(f.name, f.line, f.lines) for f in c_source.functions(text)]
        self.assertEqual(found, [("add", 8, 5), ("g", 14, 3)])


if __name__ == "__main__":
    unittest.main()
