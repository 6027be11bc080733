import type { Selectable, SelectableMacro } from '../select/selectable.ts'

/** What an earlier run left in its target folder: `--state`. */
export interface PreviousState {
  /** The folder, for messages. */
  readonly folder: string
  readonly manifest?: PreviousManifest
  /** Statuses of run_results.json by unique id. */
  readonly results?: ReadonlyMap<string, string>
  /** When the data of each source was loaded last, from sources.json there; null where that could not be told. */
  readonly sources?: ReadonlyMap<string, string | null>
  /** The same of the present target folder. */
  readonly currentSources?: ReadonlyMap<string, string | null>
}

/** A manifest.json of dbt or of Millrace, as far as it is compared with. */
export interface PreviousManifest {
  readonly project: string
  readonly members: ReadonlyMap<string, PreviousNode>
  readonly macros: ReadonlyMap<string, SelectableMacro>
  readonly disabled: ReadonlySet<string>
}

/** A node of another manifest, in its own words. */
export type PreviousNode = Selectable & Readonly<Record<string, unknown>>
