import { MillraceError } from '../kernel/index.ts'
import type { YamlFile } from './read-yaml.ts'

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Whether a text value somewhere in `data` names a variable of the environment. */
export function namesVariable(data: unknown): boolean {
  if (typeof data === 'string') return data.search(VARIABLE) >= 0
  return typeof data === 'object' && data !== null && Object.values(data).some(namesVariable)
}

/**
 * The data of a file with `${NAME}` and `${NAME:-default}` replaced in every text value.
 * @throws MillraceError SECRET_MISSING naming the variable and its place, never its value
 */
export function resolveEnvironment(yaml: YamlFile, environment: Readonly<Record<string, string | undefined>>): unknown {
  const walk = (data: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof data === 'string') return replaced(data, path)
    if (Array.isArray(data)) return data.map((item, index) => walk(item, [...path, index]))
    if (data === null || typeof data !== 'object') return data
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, walk(value, [...path, key])]))
  }
  const replaced = (text: string, path: readonly PropertyKey[]): string =>
    text.replace(VARIABLE, (_, name: string, fallback: string | undefined) => {
      const value = environment[name] ?? fallback
      if (value !== undefined) return value
      throw new MillraceError('SECRET_MISSING', `the environment variable ${name} is not set`, {
        at: yaml.place(path),
        hint: `Set ${name}, or write \${${name}:-default}.`,
      })
    })
  return walk(yaml.data, [])
}
