import type { Dialect } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Manifest, Node, SourceNode } from '../node.ts'
import type { NamedPlugin } from '../plugin/plugin-sources.ts'
import type { IndirectSelection } from '../select/selection-spec.ts'
import type { DbtOutput } from './output.ts'
import type { NodeResult } from './result.ts'
import type { WarningName } from './warning-policy.ts'

/** The commands there are, with dbt's meaning; two words where dbt has two. */
export const DBT_COMMANDS = [
  'build',
  'run',
  'test',
  'seed',
  'snapshot',
  'compile',
  'show',
  'ls',
  'parse',
  'docs generate',
  'source freshness',
  'run-operation',
  'clone',
  'retry',
] as const
export type DbtCommand = (typeof DBT_COMMANDS)[number]

/** dbt's flags. */
export interface DbtOptions {
  readonly select?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  /** A selector of selectors.yml. */
  readonly selector?: string
  readonly indirectSelection?: IndirectSelection
  /** Nodes by their unique ids, in place of a selection: what `retry` works on. */
  readonly ids?: readonly string[]
  /** `--resource-type` and `--exclude-resource-type`. */
  readonly resourceTypes?: readonly string[]
  readonly excludeResourceTypes?: readonly string[]
  /** The target folder of an earlier run: what `state:` compares with, and what is deferred to. */
  readonly state?: string
  /** Another such folder, for deferring alone. */
  readonly deferState?: string
  /** `ref()` of what is not selected and not built here means what the state's manifest says. */
  readonly defer?: boolean
  /** Defers even what is built here. */
  readonly favorState?: boolean
  readonly fullRefresh?: boolean
  /** Ends the run at the first failure; what was not started is skipped. */
  readonly failFast?: boolean
  /** Warnings count as failures. */
  readonly warnError?: boolean
  /** `--warn-error-options`: `error`, `warn` and `silence` with dbt's names of warnings. */
  readonly warnErrorOptions?: Readonly<Record<string, unknown>>
  readonly storeFailures?: boolean
  /** `--vars`, already parsed. */
  readonly vars?: Readonly<Record<string, unknown>>
  /** How many nodes are worked on at once; 4 when absent. */
  readonly threads?: number
  /** `--sample`: of what has an `event_time`, models and snapshots read only this window: `3 days`, or `{start: …, end: …}`. */
  readonly sample?: string
  /** `compile` and `show`: whether templates may ask the database; true when absent. */
  readonly introspect?: boolean
  /** Reads `limit 0` of everything that is referred to: a dry run against real schemas. */
  readonly empty?: boolean
  /** Binds the SQL of what is selected before anything runs, and refuses the run when columns or types are wrong. */
  readonly checkColumns?: boolean
  /** A folder in place of the project's `target-path`. */
  readonly targetPath?: string
  /** `show`: SQL as it is, in place of a node. */
  readonly inlineDirect?: string
  /** `compile` and `show`: SQL with template code, in place of a node. */
  readonly inline?: string
  /** `show`: at most so many rows; -1 for all. */
  readonly limit?: number
  /** `ls`: what is listed of each node. */
  readonly output?: 'selector' | 'name' | 'path' | 'json'
  readonly outputKeys?: readonly string[]
  /** `run-operation`: the macro and its arguments. */
  readonly macro?: string
  readonly args?: Readonly<Record<string, unknown>>
  /** `docs generate`: whether models are compiled first; true when absent. */
  readonly compile?: boolean
  /** `docs generate`: whether one HTML file with everything in it is written as well. */
  readonly static?: boolean
  /** `docs generate`: leaves the database alone. */
  readonly emptyCatalog?: boolean
  /** `source freshness`: where to write sources.json. */
  readonly outputPath?: string
  /** Whether what the last command read of unchanged files may be used again; true when absent. */
  readonly partialParse?: boolean
  /** Flags by dbt's names in capitals, for the templates' `flags` and run_results.json. */
  readonly flags?: Readonly<Record<string, unknown>>
}

/** What happens while a command runs. */
export type DbtEvent =
  | { readonly kind: 'parsed'; readonly nodes: number; readonly ms: number; readonly manifest: Manifest }
  | { readonly kind: 'warning'; readonly name: WarningName; readonly message: string }
  /** What templates log; `info` is for everybody, the rest for those who look for a fault. */
  | { readonly kind: 'log'; readonly message: string; readonly info: boolean }
  | { readonly kind: 'started'; readonly node: Node | SourceNode; readonly index: number; readonly total: number }
  | {
      readonly kind: 'finished'
      readonly node: Node | SourceNode
      readonly result: NodeResult
      readonly index: number
      readonly total: number
    }

/** What a command needs from its caller. */
export interface DbtDeps {
  /** The folder with dbt_project.yml. */
  readonly dir: string
  /** A new connection to the engine; not called by `parse` and `ls`. The room closes it. */
  readonly connect: () => Promise<EngineConnection>
  /** What the engine speaks: `adapter.type()` and dispatch need it before there is a connection. `duckdb` when absent. */
  readonly dialect?: Dialect
  /** The database (catalog) and schema that nodes are built in unless they say otherwise. */
  readonly database: string
  readonly schema: string
  /** `target` of templates: its name, its profile's, and what may be told of the connection (host, port, user; never a password). */
  readonly target?: {
    readonly name: string
    readonly profile?: string
    readonly connection?: Readonly<Record<string, unknown>>
  }
  /** The profile's `plugins` of dbt-duckdb that read files. */
  readonly plugins?: readonly NamedPlugin[]
  readonly environment?: Readonly<Record<string, string | undefined>>
  /**
   * Called once before anything runs, with the sources the selected nodes read, as `database.schema.identifier`.
   * What it answers is disposed of when the command is done.
   */
  readonly beforeRun?: (sources: readonly string[]) => Promise<AsyncDisposable | undefined>
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DbtEvent) => void
  /** Whether `target/` is written; true when absent. */
  readonly artifacts?: boolean
}

/** What a command answers. */
export interface DbtRun {
  readonly command: DbtCommand
  /** In the order they ended; empty for `parse` and `ls`. */
  readonly results: readonly NodeResult[]
  readonly manifest: Manifest
  /** The unique ids that were selected, sources included for `ls`. */
  readonly selected: readonly string[]
  readonly warnings: readonly string[]
  /** 0: all went well; 1: a node failed. */
  readonly exitCode: 0 | 1
  readonly elapsedMs: number
  /** What the command was asked for, beside results of nodes. */
  readonly output?: DbtOutput
}
