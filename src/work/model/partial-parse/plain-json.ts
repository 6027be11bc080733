/** Whether JSON holds all of a value, so that reading it back gives the same again. */
export function isPlainJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object': {
      if (value === null) return true
      // Of a large project this walks through some hundred thousand values, so that no lists are made of them.
      let keys = 0
      const held = value as Record<string, unknown>
      for (const key in held) {
        keys += 1
        if (!isPlainJson(held[key])) return false
      }
      return Array.isArray(value) ? keys === value.length : Object.getPrototypeOf(value) === Object.prototype
    }
    default:
      return false
  }
}
