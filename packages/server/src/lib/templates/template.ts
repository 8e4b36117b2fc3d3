/** Where a value comes from: `up` contexts outwards, then the keys. `@` variables of a loop stand in `keys` as they are. */
export interface Path {
  up: number
  keys: readonly string[]
}

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; path: Path; raw: boolean }
  | { kind: 'if'; path: Path; negated: boolean; body: Node[]; otherwise: Node[] }
  | { kind: 'each'; path: Path; body: Node[]; otherwise: Node[] }

export interface Template {
  nodes: readonly Node[]
}

/** Characters of a template. */
export const MAX_SOURCE = 100_000
/** Characters of what it renders to. */
export const MAX_OUTPUT = 200_000
export const MAX_NODES = 1000
/** Blocks inside each other. */
export const MAX_DEPTH = 10
/** Nodes that are rendered, each as often as its loops run. */
export const MAX_STEPS = 100_000
