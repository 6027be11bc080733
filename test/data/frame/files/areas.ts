import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileAnswer, FileCase } from './file-case.ts'

const HERE = import.meta.dirname

export const goldenFile = (area: string): string => join(HERE, 'golden', `${area}.json`)

/** Names of cases that do not agree, with what Spark answers and what we do. */
export const openFile = (area: string): string => join(HERE, 'golden', `${area}.open.json`)

export function areas(): string[] {
  return readdirSync(join(HERE, 'cases'))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort()
}

/** The cases of an area, every name once. */
export async function casesOfArea(area: string): Promise<FileCase[]> {
  const { cases } = (await import(`./cases/${area}.ts`)) as { cases: readonly FileCase[] }
  const seen = new Map<string, number>()
  return cases.map((one) => {
    const times = (seen.get(one.name) ?? 0) + 1
    seen.set(one.name, times)
    return times === 1 ? one : { ...one, name: `${one.name} (${times})` }
  })
}

/** The recorded answers of an area by the cases' names. */
export function recorded(area: string): Readonly<Record<string, { hash: string; answer: FileAnswer }>> {
  return readJson(goldenFile(area), {})
}

export function stillOpen(area: string): Readonly<Record<string, string>> {
  return readJson(openFile(area), {})
}

function readJson<T>(file: string, otherwise: T): T {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : otherwise
}
