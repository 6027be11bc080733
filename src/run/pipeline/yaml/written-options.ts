import { z } from 'zod'

/** How words of a YAML file become references. */
export interface YamlWords {
  /** `validate_data`, or `{ task: extract_data, dataset: orders }`; undefined leaves what was written. */
  input(written: unknown): unknown
  /** `transforms/totals.ts#default`. */
  function(written: unknown): unknown
}

/**
 * Options as a graph holds them, from options as YAML holds them: snake_case names of the schema become camelCase
 * (names the user chose, such as those of inputs, stay), and words become references where the schema wants one.
 */
export function writtenOptions(schema: unknown, written: unknown, words: YamlWords): unknown {
  const kind = schema instanceof z.ZodType ? schema.meta()?.['written'] : undefined
  if (kind === 'input') return words.input(written)
  if (kind === 'function') return words.function(written)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return writtenOptions(schema.def.innerType, written, words)
  }
  if (schema instanceof z.ZodPipe) return writtenOptions(schema.def.in, written, words)
  if (schema instanceof z.ZodArray && Array.isArray(written)) {
    return written.map((item) => writtenOptions(schema.def.element, item, words))
  }
  if (schema instanceof z.ZodUnion) return chosen(schema.def.options, written, words)
  if (written === null || typeof written !== 'object' || Array.isArray(written)) return written
  if (schema instanceof z.ZodObject) {
    const entries = Object.entries(written).map(([key, value]) => {
      const name = key in schema.shape ? key : camelCase(key)
      return name in schema.shape ? [name, writtenOptions(schema.shape[name], value, words)] : [key, value]
    })
    return Object.fromEntries(entries)
  }
  if (schema instanceof z.ZodRecord) {
    const entries = Object.entries(written).map(([key, value]) => [
      key,
      writtenOptions(schema.def.valueType, value, words),
    ])
    return Object.fromEntries(entries)
  }
  return written
}

/** The first branch of a union that accepts what was written. */
function chosen(branches: readonly unknown[], written: unknown, words: YamlWords): unknown {
  for (const branch of branches) {
    const made = writtenOptions(branch, written, words)
    if (branch instanceof z.ZodType && branch.safeParse(made).success) return made
  }
  return written
}

/** `retry_delay` → `retryDelay`. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
