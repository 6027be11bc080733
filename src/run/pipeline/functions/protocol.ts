import type { ErrorJson, Json } from '../../../base/kernel/index.ts'

/** What a user's function is called with: one object that holds both, frames by their plans. */
export interface CallArguments {
  readonly frames?: Readonly<Record<string, Json>>
  /** Anything that can be cloned between processes. */
  readonly values?: Readonly<Record<string, unknown>>
}

/** What a user's function returned. */
export type CallResult =
  | { readonly type: 'frame'; readonly plan: Json }
  | { readonly type: 'column'; readonly expr: Json }
  | { readonly type: 'value'; readonly value: Json | undefined }

/** A call as it is sent to a worker. A worker is sent one at a time. */
export interface CallRequest {
  readonly projectDir: string
  readonly address: string
  readonly args: CallArguments
  /** Load the file and call nothing. */
  readonly onlyLoad?: boolean
}

/** What a worker sends back: any number of logs, then one of the others. */
export type WorkerMessage =
  | { readonly log: { readonly level: 'debug' | 'info' | 'warning' | 'error'; readonly message: string } }
  | { readonly result: CallResult }
  | { readonly error: ErrorJson }
