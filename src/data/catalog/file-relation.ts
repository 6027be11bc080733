import { unreachable } from '../../base/kernel/index.ts'
import { join, literal, type Sql, sql } from '../../base/sql/index.ts'
import type { StoreFile } from '../../base/store/index.ts'
import type { StorageFormat } from './config.ts'
import type { StorePlace } from './contract.ts'
import { isHidden } from './hidden.ts'
import { folderState } from './pending-write.ts'

/** Formats that are plain files. */
export type PlainFormat = Exclude<StorageFormat, 'delta' | 'table'>

const ENDINGS: Record<PlainFormat, RegExp> = {
  parquet: /\.(parquet|parq)$/i,
  csv: /\.(csv|tsv)(\.gz)?$/i,
  json: /\.(json|jsonl|ndjson)(\.gz)?$/i,
}

/** The format that a file's name tells. */
export function formatOfFile(path: string): PlainFormat | undefined {
  return (Object.keys(ENDINGS) as PlainFormat[]).find((format) => ENDINGS[format].test(path))
}

/**
 * The data files of a dataset in the order of their paths: the file itself, or everything below the folder but
 * what is hidden (`_` or `.` begins the name of the file or of a folder on the way).
 */
export async function dataFiles(place: StorePlace, format: PlainFormat): Promise<StoreFile[]> {
  const { store, path } = place
  if (path !== '') {
    for (const candidate of [path, `${path}.${format}`]) {
      const file = ENDINGS[format].test(candidate) ? await store.head(candidate) : undefined
      if (file) return [file]
    }
  }
  const files: StoreFile[] = []
  if (path !== '') {
    for (const { below, ...file } of (await folderState(store, path)).files)
      if (ENDINGS[format].test(below)) files.push(file)
    return files
  }
  for await (const entry of store.list('')) {
    if (ENDINGS[format].test(entry.path) && !isHidden(entry.path)) files.push(entry)
  }
  return files
}

/** Hive partition columns that the files' folders name (`date=2024-01-31/`). */
export function hiveColumns(files: readonly { readonly path: string }[]): string[] {
  const folders = files[0]?.path.split('/').slice(0, -1) ?? []
  return folders.flatMap((folder) => /^([^=]+)=/.exec(folder)?.[1] ?? [])
}

/** A table expression over exactly these files; columns and types are the files' own, a missing column is null. */
export function fileRelation(urls: readonly string[], format: PlainFormat, isHive: boolean): Sql {
  const files = sql`[${join(urls.map((url) => literal(url)))}]`
  const hive = sql`hive_partitioning = ${literal(isHive)}`
  switch (format) {
    case 'parquet':
      return sql`(select * from read_parquet(${files}, union_by_name = true, ${hive}))`
    case 'csv':
      return sql`(select * from read_csv(${files}, union_by_name = true, ${hive}))`
    case 'json':
      return sql`(select * from read_json(${files}, union_by_name = true, ${hive}))`
    default:
      return unreachable(format)
  }
}
