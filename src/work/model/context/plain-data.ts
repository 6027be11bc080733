import { toJavaScript } from '../../../base/jinja/index.ts'

/** A template's value as plain data: see `toJavaScript`; nothing at all becomes null. */
export function plainData(value: unknown): unknown {
  return toJavaScript(value) ?? null
}
