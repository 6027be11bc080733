import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recorded, SparkCase } from './spark-case.ts'

const HERE = import.meta.dirname

/** Where the answers of an area are kept. */
export const goldenFile = (area: string): string => join(HERE, 'golden', `${area}.json`)

/** Names of cases that do not agree yet, each of which must be mended; a test fails for one that does agree. */
export const openFile = (area: string): string => join(HERE, 'golden', `${area}.open.json`)

/** The areas that have cases: the files of `cases/` that export some. */
export function areas(): string[] {
  return readdirSync(join(HERE, 'cases'))
    .filter((file) => file !== 'edge-columns.ts')
    .map((file) => file.replace(/\.ts$/, ''))
    .sort()
}

/** The cases of an area, every name once. */
export async function casesOfArea(area: string): Promise<SparkCase[]> {
  const { cases } = (await import(`./cases/${area}.ts`)) as { cases: readonly SparkCase[] }
  const seen = new Map<string, number>()
  return cases.map((one) => {
    const times = (seen.get(one.name) ?? 0) + 1
    seen.set(one.name, times)
    return times === 1 ? one : { ...one, name: `${one.name} (${times})` }
  })
}

/** The recorded answers of an area by the cases' names; empty when there are none. */
export function recorded(area: string): Readonly<Record<string, Recorded>> {
  return readJson(goldenFile(area), {})
}

/** The names of cases that are known not to agree, with what Spark answers and what we do. */
export function stillOpen(area: string): Readonly<Record<string, string>> {
  return readJson(openFile(area), {})
}

function readJson<T>(file: string, otherwise: T): T {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : otherwise
}
