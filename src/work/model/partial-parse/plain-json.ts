/** Whether JSON holds all of a value, so that reading it back gives the same again. */
export function isPlainJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      if (value === null) return true
      if (Array.isArray(value)) return Object.keys(value).length === value.length && value.every(isPlainJson)
      return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson)
    default:
      return false
  }
}
