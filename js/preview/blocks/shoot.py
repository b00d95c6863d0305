"""Bundle the page with every kind of block and take its picture: light and dark, narrow and wide.

    python js/preview/blocks/shoot.py [OUT]
"""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

JS = Path(__file__).parents[2]
THEMES = {
    "light": ":root{color-scheme:light;--jp-layout-color0:#fff;--jp-layout-color1:#fff;--jp-layout-color2:#eee;"
    "--jp-content-font-color1:rgba(0,0,0,.87);--jp-content-font-color2:rgba(0,0,0,.54);--jp-border-color2:#e0e0e0;"
    "--jp-content-link-color:#1976d2;--jp-brand-color1:#1976d2;--jp-code-font-family:Menlo,Consolas,monospace}",
    "dark": ":root{color-scheme:dark;--jp-layout-color0:#111;--jp-layout-color1:#212121;--jp-layout-color2:#424242;"
    "--jp-content-font-color1:#fff;--jp-content-font-color2:rgba(255,255,255,.7);--jp-border-color2:#424242;"
    "--jp-content-link-color:#64b5f6;--jp-brand-color1:#2196f3;--jp-code-font-family:Menlo,Consolas,monospace}",
    "bare": ":root{color-scheme:light dark}",
}
ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]


def bundle(out: Path) -> None:
    esbuild = JS / "node_modules/.bin/esbuild"
    common = ["--bundle", f"--outdir={out}", "--log-level=warning"]
    page = ["--format=esm", "--jsx=automatic", "--jsx-import-source=preact", "--target=es2022"]
    subprocess.run([esbuild, JS / "preview/blocks/page.tsx", *page, *common], check=True)
    subprocess.run([esbuild, JS / "src/blocks/blocks.css", *common], check=True)


def document(out: Path, theme: str) -> str:
    css, script = (out / "blocks.css").read_text(), (out / "page.js").read_text()
    return (
        f"<!doctype html><html lang=en><title>blocks</title><style>{THEMES[theme]}"
        "body{margin:0;background:var(--jp-layout-color0,Canvas);font:14px/1.4 system-ui,sans-serif}"
        f"main{{padding:12px}}{css}</style><main></main>"
        f"<script type=module>{script.replace('</script', chr(60) + chr(92) + '/script')}</script></html>"
    )


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    bundle(out)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for theme in THEMES:
            for width in (340, 900):
                page = browser.new_page(viewport={"width": width, "height": 900})
                page.on("pageerror", lambda error: print(error))
                page.set_content(document(out, theme))
                page.wait_for_selector("html[data-ready]")
                page.screenshot(path=out / f"{theme}-{width}.png", full_page=True)
                overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if overflow > 0:
                    print(f"{theme}-{width}: {overflow}px too wide")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else JS / "preview/out/blocks")
