/**
 * Whether a path below a folder leads through what is no data, as Spark tells it: a name that begins with `.`, or with `_` but
 * for a folder of a partition (`_day=2024-01-31`), or that is still being copied.
 */
export function isHidden(below: string): boolean {
  return /(^|\/)(\.|_(?![^/]*=[^/]*\/))|\._COPYING_$/.test(below)
}
