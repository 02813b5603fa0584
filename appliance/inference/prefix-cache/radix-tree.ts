// SPDX-License-Identifier: AGPL-3.0-only

/** A piece of token text that every sequence in `sequences` holds at this place. */
interface RadixNode {
  edge: number[];
  parent: RadixNode | undefined;
  readonly children: Map<number, RadixNode>;
  readonly sequences: Set<number>;
}

/** Which sequence holds which tokens, with shared prefixes stored once. */
export interface RadixTree {
  /** Adds tokens to the end of a sequence (a new one begins empty). */
  append(sequence: number, tokens: readonly number[]): void;
  /** Forgets a sequence. */
  remove(sequence: number): void;
  /** Sequence → how many of `tokens` it begins with; sequences that share nothing are absent. */
  match(tokens: readonly number[]): ReadonlyMap<number, number>;
  /** How many tokens from the start another sequence holds too. */
  sharedLength(sequence: number): number;
  /** For tests and metrics. */
  nodeCount(): number;
}

function createNode(edge: number[], parent: RadixNode | undefined, sequences: Iterable<number>): RadixNode {
  return { edge, parent, children: new Map(), sequences: new Set(sequences) };
}

/** Cuts `node` after `length` tokens: it keeps the first part, a new child gets the rest. */
function split(node: RadixNode, length: number, ends: Map<number, RadixNode>): void {
  const tail = createNode(node.edge.slice(length), node, node.sequences);
  for (const [token, child] of node.children) {
    child.parent = tail;
    tail.children.set(token, child);
  }
  node.children.clear();
  node.edge = node.edge.slice(0, length);
  node.children.set(tail.edge[0] ?? 0, tail);
  for (const sequence of node.sequences) if (ends.get(sequence) === node) ends.set(sequence, tail);
}

function commonLength(edge: readonly number[], tokens: readonly number[], from: number): number {
  let length = 0;
  while (length < edge.length && edge[length] === tokens[from + length]) length++;
  return length;
}

interface Tree {
  readonly root: RadixNode;
  /** Where each sequence ends. */
  readonly ends: Map<number, RadixNode>;
  nodes: number;
}

/** The only sequence at a leaf grows in place: that is every decoded token of a text of its own. */
function grow(node: RadixNode, tokens: readonly number[], from: number): void {
  for (let at = from; at < tokens.length; at++) node.edge.push(tokens[at] ?? 0);
}

function append(tree: Tree, sequence: number, tokens: readonly number[]): void {
  let node = tree.ends.get(sequence) ?? tree.root;
  let at = 0;
  while (at < tokens.length) {
    if (node !== tree.root && node.sequences.size === 1 && node.children.size === 0) {
      grow(node, tokens, at);
      break;
    }
    const first = tokens[at] ?? 0;
    const child = node.children.get(first);
    if (child === undefined) {
      const leaf = createNode(tokens.slice(at), node, [sequence]);
      node.children.set(first, leaf);
      tree.nodes++;
      node = leaf;
      break;
    }
    const common = commonLength(child.edge, tokens, at);
    if (common < child.edge.length) {
      split(child, common, tree.ends);
      tree.nodes++;
    }
    child.sequences.add(sequence);
    node = child;
    at += common;
  }
  if (node !== tree.root) tree.ends.set(sequence, node);
}

/** Joins a node with its only child when the same sequences go through both and none ends between. */
function merge(tree: Tree, node: RadixNode): void {
  const child = node.children.size === 1 ? [...node.children.values()][0] : undefined;
  if (node === tree.root || child === undefined || child.sequences.size !== node.sequences.size) return;
  grow(node, child.edge, 0);
  node.children.clear();
  for (const [token, grandchild] of child.children) {
    grandchild.parent = node;
    node.children.set(token, grandchild);
  }
  for (const sequence of child.sequences) if (tree.ends.get(sequence) === child) tree.ends.set(sequence, node);
  tree.nodes--;
}

function remove(tree: Tree, sequence: number): void {
  let node = tree.ends.get(sequence);
  tree.ends.delete(sequence);
  while (node !== undefined && node !== tree.root) {
    const parent: RadixNode | undefined = node.parent;
    node.sequences.delete(sequence);
    if (node.sequences.size === 0) {
      parent?.children.delete(node.edge[0] ?? 0);
      tree.nodes--;
    } else merge(tree, node);
    node = parent;
  }
}

function match(tree: Tree, tokens: readonly number[]): ReadonlyMap<number, number> {
  const lengths = new Map<number, number>();
  let node = tree.root;
  let at = 0;
  for (;;) {
    const child = node.children.get(tokens[at] ?? -1);
    if (child === undefined) return lengths;
    const common = commonLength(child.edge, tokens, at);
    at += common;
    for (const sequence of child.sequences) lengths.set(sequence, at);
    if (common < child.edge.length || at >= tokens.length) return lengths;
    node = child;
  }
}

function sharedLength(tree: Tree, sequence: number): number {
  let node = tree.ends.get(sequence);
  while (node !== undefined && node !== tree.root && node.sequences.size < 2) node = node.parent;
  let length = 0;
  for (; node !== undefined && node !== tree.root; node = node.parent) length += node.edge.length;
  return length;
}

/** An empty {@link RadixTree}. Appending one token to a sequence that shares nothing costs O(1). */
export function createRadixTree(): RadixTree {
  const tree: Tree = { root: createNode([], undefined, []), ends: new Map(), nodes: 0 };
  return {
    append: (sequence, tokens) => append(tree, sequence, tokens),
    remove: (sequence) => remove(tree, sequence),
    match: (tokens) => match(tree, tokens),
    sharedLength: (sequence) => sharedLength(tree, sequence),
    nodeCount: () => tree.nodes,
  };
}
