import type { Row, Schema } from '../../../base/kernel/index.ts'

/** What a command answers beside the results of nodes. */
export type DbtOutput =
  | { readonly kind: 'listing'; readonly lines: readonly string[] }
  | { readonly kind: 'compiled'; readonly name: string; readonly inline: boolean; readonly sql: string }
  | {
      readonly kind: 'preview'
      readonly name: string
      readonly inline: boolean
      readonly schema: Schema
      readonly rows: readonly Row[]
    }
  | { readonly kind: 'files'; readonly files: readonly string[] }
