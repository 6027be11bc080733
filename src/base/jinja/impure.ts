let reads = 0

/** Notes that a template read the clock or drew at random. */
export function noteImpure(): void {
  reads += 1
}

/**
 * How often templates of this process have read the clock or drawn at random: what was rendered while this number
 * stayed the same follows from the template and its variables.
 */
export function impureReads(): number {
  return reads
}
