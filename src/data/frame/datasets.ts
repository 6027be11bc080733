import type { AnyRow } from './row-types.ts'

/**
 * The rows of the project's datasets by their names. Empty here: `millrace types` writes a file that adds them, so that
 * `read.table('raw.orders')` and the inputs of tasks are typed.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the project's own declarations
export interface Datasets {}

/** The row of a dataset; any row of one that `millrace types` has not seen. */
export type RowOfDataset<N> = N extends keyof Datasets ? Datasets[N] : AnyRow
