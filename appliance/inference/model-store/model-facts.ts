// SPDX-License-Identifier: AGPL-3.0-only
import type { GgufHeader } from "./gguf-reader.ts";
import { refuseModel } from "./refuse-model.ts";

/** What a model file says about itself, checked, and what follows for running it. */
export interface ModelFacts {
  readonly architecture: string;
  readonly name: string | undefined;
  readonly licence: string | undefined;
  /** Such as `Q4_K_M`. */
  readonly quantization: string;
  readonly parameterCount: number;
  /** Bytes of all tensors: what the weights take in memory. */
  readonly tensorBytes: number;
  readonly layers: number;
  readonly embeddingLength: number;
  readonly vocabularySize: number;
  /** Tokens it was trained to hold. */
  readonly trainedContextTokens: number;
  /** Bytes of KV cells that one token takes, keys and values in 16 bits. */
  readonly kvBytesPerToken: number;
  /** Cells can be cut at any length: not with recurrent memory or a sliding window. */
  readonly canTrim: boolean;
  readonly canEmbed: boolean;
  readonly hasChatTemplate: boolean;
}

const fileTypes: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  19: "IQ2_XXS",
  20: "IQ2_XS",
  21: "Q2_K_S",
  22: "IQ3_XS",
  23: "IQ3_XXS",
  24: "IQ1_S",
  25: "IQ4_NL",
  26: "IQ3_S",
  27: "IQ3_M",
  28: "IQ2_S",
  29: "IQ2_M",
  30: "IQ4_XS",
  31: "IQ1_M",
  32: "BF16",
  36: "TQ1_0",
  37: "TQ2_0",
  38: "MXFP4",
};

const embeddingArchitectures = /bert|t5encoder|^gemma-embedding$/;
const recurrentKeys = [".ssm.state_size", ".wkv.head_size", ".ssm.conv_kernel"];

function reader(header: GgufHeader, architecture: string) {
  const value = (key: string) => header.metadata.get(`${architecture}.${key}`);
  return {
    value,
    text(key: string): string | undefined {
      const found = header.metadata.get(key);
      return typeof found === "string" ? found : undefined;
    },
    /** A whole number within bounds; absent gives `fallback`, or an error without one. */
    whole(key: string, most: number, fallback?: number): number {
      const found = value(key) ?? fallback;
      if (typeof found === "number" && Number.isInteger(found) && found >= 1 && found <= most) return found;
      const shown = typeof found === "object" ? "a list" : String(found);
      return refuseModel(`"${architecture}.${key}" is ${shown}, not a whole number from 1 to ${most}`);
    },
    /** One number, or one for each layer: the sum over layers. */
    overLayers(key: string, layers: number, fallback: number): number {
      const found = value(key);
      if (typeof found === "object" && found.numbers !== undefined)
        return found.numbers.reduce((sum, one) => sum + one, 0);
      const single = typeof found === "number" ? found : fallback;
      return single * layers;
    },
  };
}

function dominantType(header: GgufHeader): string {
  const bytes = new Map<string, number>();
  for (const tensor of header.tensors) bytes.set(tensor.typeName, (bytes.get(tensor.typeName) ?? 0) + tensor.sizeBytes);
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "unknown";
}

/**
 * Facts out of a header.
 * @throws HearthError `model-invalid` when something that running needs is missing or impossible.
 */
export function modelFacts(header: GgufHeader): ModelFacts {
  const architecture = header.metadata.get("general.architecture");
  if (typeof architecture !== "string" || !/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(architecture)) {
    return refuseModel("it does not name its architecture");
  }
  if (header.tensors.length === 0) refuseModel("it has no tensors");
  const read = reader(header, architecture);
  const layers = read.whole("block_count", 4096);
  const embeddingLength = read.whole("embedding_length", 1_048_576);
  const trainedContextTokens = read.whole("context_length", 1_073_741_824);
  const tokens = header.metadata.get("tokenizer.ggml.tokens");
  const vocabularySize = typeof tokens === "object" ? tokens.count : 0;
  if (vocabularySize === 0) refuseModel("it has no vocabulary");
  const heads = Math.max(1, Math.ceil(read.overLayers("attention.head_count", layers, 1) / layers));
  const keyLength = read.whole("attention.key_length", 65_536, Math.max(1, Math.floor(embeddingLength / heads)));
  const valueLength = read.whole("attention.value_length", 65_536, keyLength);
  const kvHeads = read.overLayers("attention.head_count_kv", layers, heads);
  const isRecurrent = recurrentKeys.some((key) => header.metadata.has(`${architecture}${key}`));
  const window = read.value("attention.sliding_window");
  const fileType = header.metadata.get("general.file_type");
  const pooling = read.value("pooling_type");
  return {
    architecture,
    name: read.text("general.name"),
    licence: read.text("general.license"),
    quantization: (typeof fileType === "number" ? fileTypes[fileType] : undefined) ?? dominantType(header),
    parameterCount: header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    tensorBytes: header.tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, 0),
    layers,
    embeddingLength,
    vocabularySize,
    trainedContextTokens,
    kvBytesPerToken: kvHeads * (keyLength + valueLength) * 2,
    canTrim: !isRecurrent && !(typeof window === "number" && window > 0),
    canEmbed: embeddingArchitectures.test(architecture) || (typeof pooling === "number" && pooling > 0 && pooling < 4),
    hasChatTemplate: typeof read.text("tokenizer.chat_template") === "string",
  };
}
