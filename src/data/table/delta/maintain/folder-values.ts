import { type DataType, type Field, MillraceError } from '../../../../base/kernel/index.ts'

/** What the names of folders tell of the files in them. */
export interface FolderValues {
  readonly fields: readonly Field[]
  /** Of each file the values of the fields, as text; null for null. */
  readonly values: readonly Readonly<Record<string, string | null>>[]
}

/** What stands for null in the name of a folder, as Hive began it. */
const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__'

/**
 * The partition values that stand in the folders of files (`day=2024-01-31/part-0.parquet`). Pure.
 * @param paths below the table's folder
 * @param wanted the columns with their types; told from the values by default
 * @param table for messages
 * @throws MillraceError OPTION_INVALID when files lie in folders of different columns, or not of those that are wanted
 */
export function folderValues(
  paths: readonly string[],
  wanted: readonly Field[] | undefined,
  table: string,
): FolderValues {
  const found = paths.map((path) => ({ path, values: valuesIn(path) }))
  const names = wanted?.map(({ name }) => name) ?? [...(found[0]?.values.keys() ?? [])]
  for (const { path, values } of found) {
    const own = [...values.keys()]
    if (own.join('\0') === names.join('\0')) continue
    throw new MillraceError(
      'OPTION_INVALID',
      `converting ${table}: ${path} lies in folders of ${own.join(', ') || 'no column'}, not of ${names.join(', ') || 'none'}`,
      { hint: 'All files must lie in folders name=value of the same columns, in the same order.' },
    )
  }
  const fields =
    wanted ??
    names.map((name): Field => {
      const texts = found.map(({ values }) => values.get(name) ?? null)
      return { name, type: typeOf(texts), nullable: true }
    })
  return { fields, values: found.map(({ values }) => Object.fromEntries(values)) }
}

function valuesIn(path: string): Map<string, string | null> {
  const values = new Map<string, string | null>()
  for (const folder of path.split('/').slice(0, -1)) {
    const at = folder.indexOf('=')
    if (at < 1) continue
    const value = folder.slice(at + 1)
    values.set(decoded(folder.slice(0, at)), value === NULL_FOLDER ? null : decoded(value))
  }
  return values
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function typeOf(texts: readonly (string | null)[]): DataType {
  const known = texts.filter((text) => text !== null)
  const all = (is: (text: string) => boolean) => known.length > 0 && known.every(is)
  // A number that is not written as numbers are, such as 007, is a text that looks like one.
  if (all((text) => /^(0|-?[1-9]\d{0,17})$/.test(text))) {
    const fits = all((text) => Math.abs(Number(text)) < 2 ** 31)
    return { kind: fits ? 'integer' : 'long' }
  }
  if (all((text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)))) return { kind: 'date' }
  return { kind: 'string' }
}
