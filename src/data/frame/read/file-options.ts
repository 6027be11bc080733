import { globPattern } from './glob.ts'
import type { NotOffered, OptionReader } from './read-options.ts'

/** Options that choose files, of every format, by Spark's names. */
export const FILE_OPTIONS = [
  'basePath',
  'pathGlobFilter',
  'recursiveFileLookup',
  'modifiedBefore',
  'modifiedAfter',
  'ignoreMissingFiles',
] as const

/** Options of files that Spark has and we have not. */
export const NOT_OFFERED: NotOffered = {
  ignoreCorruptFiles: 'Name the files that are whole, or move the damaged ones away; the error names them.',
  timeZone: 'Times without a zone are in UTC.',
  locale: 'Names of months and days are English.',
}

/** Which files of a place are read. */
export interface FileChoice {
  /** The folder that partitions begin in, when it is not the one that is read. */
  readonly basePath?: string
  /** What the name of a file must match. */
  readonly name?: RegExp
  /** Folders are just folders: all files below are read, and no name of a folder becomes a column. */
  readonly recursive: boolean
  /** Milliseconds since 1970. */
  readonly before?: number
  readonly after?: number
  /** An address without files is no error. */
  readonly missing: boolean
}

/** @throws MillraceError OPTION_INVALID */
export function fileChoice(options: OptionReader): FileChoice {
  const basePath = options.text('basePath')
  const name = options.text('pathGlobFilter')
  const [before, after] = ['modifiedBefore', 'modifiedAfter'].map((option) => moment(options, option))
  return {
    ...(basePath === undefined ? {} : { basePath }),
    ...(name === undefined ? {} : { name: globPattern(name) }),
    recursive: options.flag('recursiveFileLookup', false),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    missing: options.flag('ignoreMissingFiles', false),
  }
}

/** `2024-01-31T12:00:00`, in UTC. */
function moment(options: OptionReader, name: string): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const fits = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)
  const iso = text.replace(' ', 'T')
  const at = fits ? Date.parse(/T.*(Z|[+-]\d{2}:\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw options.invalid(name, text, 'a time such as 2024-01-31T12:00:00')
}
