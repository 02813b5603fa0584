// SPDX-License-Identifier: AGPL-3.0-only

/**
 * Software outside npm that some tests need. Without one of them those tests are skipped by name.
 *
 * `probe` is a command that exits 0 and prints something when it is there; `debian` is what apt calls it.
 */
export const systemPackages = [
  { name: "prosody", probe: ["prosodyctl", "--help"], debian: ["prosody"], use: "XMPP against a real server" },
  { name: "openssl", probe: ["openssl", "version"], debian: ["openssl"], use: "certificates of test servers" },
  { name: "chromium", probe: ["chromium", "--version"], debian: ["chromium"], use: "the console in a real browser" },
  {
    name: "cjk-font",
    probe: ["fc-list", ":lang=zh"],
    debian: ["fontconfig", "fonts-wqy-microhei"],
    use: "Chinese on screenshots",
  },
];
