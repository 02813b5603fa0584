// SPDX-License-Identifier: AGPL-3.0-only

import type { Component } from "./component.ts";
import bunText from "./texts/bun.txt" with { type: "text" };
import httplibText from "./texts/cpp-httplib.txt" with { type: "text" };
import llamaText from "./texts/llama.cpp.txt" with { type: "text" };
import sgemmText from "./texts/llamafile-sgemm.txt" with { type: "text" };
import jsonText from "./texts/nlohmann-json.txt" with { type: "text" };

/**
 * What is in the binary and does not come as JavaScript: Bun, and the libraries that the add-on of node-llama-cpp is
 * built from (licence texts out of the llama.cpp release that its package carries).
 */
export const nativeComponents: readonly Component[] = [
  {
    name: "Bun (runtime, with JavaScriptCore and other libraries)",
    version: "1.4.5",
    licence: "MIT; statically linked JavaScriptCore under LGPL-2, other libraries as listed",
    source: "https://github.com/oven-sh/bun",
    text: bunText,
  },
  {
    name: "llama.cpp and ggml",
    version: "v0.5.0 (macOS: v0.4.0)",
    licence: "MIT",
    source: "https://github.com/ggml-org/llama.cpp",
    text: llamaText,
  },
  {
    name: "llamafile sgemm (part of ggml)",
    version: "as in llama.cpp",
    licence: "MIT",
    source: "https://github.com/Mozilla-Ocho/llamafile",
    text: sgemmText,
  },
  {
    name: "JSON for Modern C++ (part of llama.cpp)",
    version: "as in llama.cpp",
    licence: "MIT",
    source: "https://github.com/nlohmann/json",
    text: jsonText,
  },
  {
    name: "cpp-httplib (part of llama.cpp)",
    version: "as in llama.cpp",
    licence: "MIT",
    source: "https://github.com/yhirose/cpp-httplib",
    text: httplibText,
  },
];
