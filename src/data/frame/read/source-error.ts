import { MillraceError, type Place } from '../../../base/kernel/index.ts'

const CSV = /CSV Error on Line: (\d+)/
const CSV_FILE = /^\s*file = (.+?)\s*$/m
const CSV_COLUMN = /Error when converting column "([^"]+)"\. (Could not convert string [^\n]*)/
const JSON_PLACE = /in file "([^"]+)"(?:, at byte (\d+))?,? in (?:line|record\/value) (\d+)/
const PARQUET = /(?:Invalid Input|IO) Error: (.*?(?:magic bytes|footer|too small to be a Parquet file).*)/is

/** An engine's complaint about a file it was reading, as SOURCE_MALFORMED with file, line and column; others unchanged. */
export function sourceError(thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') return thrown
  const { message } = thrown
  if (/null_padding in conjunction with quoted new lines/.test(message)) {
    const hint = 'Set multiLine: true, or read with mode FAILFAST or DROPMALFORMED.'
    return malformed(thrown, 'reading CSV: a quoted value goes over several lines', undefined, hint)
  }
  const line = CSV.exec(message)?.[1]
  if (line !== undefined) return csvError(thrown, Number(line))
  const json = JSON_PLACE.exec(message)
  if (json) {
    const at: Place = { file: json[1] ?? '', line: Number(json[3]) }
    return malformed(
      thrown,
      `reading JSON: ${firstLine(message)}`,
      at,
      'Correct the line, or read with mode DROPMALFORMED.',
    )
  }
  const parquet = PARQUET.exec(message)?.[1]
  if (parquet !== undefined) {
    const file = /'([^']+)'/.exec(parquet)?.[1]
    return malformed(
      thrown,
      `reading Parquet: ${firstLine(parquet)}`,
      file ? { file } : undefined,
      'The file is damaged or no Parquet file.',
    )
  }
  return thrown
}

function csvError(thrown: MillraceError, line: number): MillraceError {
  const { message } = thrown
  const file = CSV_FILE.exec(message)?.[1] ?? ''
  const [, column, why] = CSV_COLUMN.exec(message) ?? []
  const found = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
  const reason =
    column !== undefined
      ? `column "${column}": ${why}`
      : found
        ? `${found[2]} columns where ${found[1]} are expected`
        : firstLine(message.slice(message.indexOf('\n') + 1))
  return malformed(
    thrown,
    `reading CSV: ${reason}`,
    { file, line, ...(column === undefined ? {} : { path: column }) },
    'Correct the line, or read with mode PERMISSIVE (bad values become null) or DROPMALFORMED (bad rows are left out).',
  )
}

function malformed(cause: MillraceError, message: string, at: Place | undefined, hint: string): MillraceError {
  return new MillraceError('SOURCE_MALFORMED', message, { cause, hint, ...(at ? { at } : {}) })
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? text
}
