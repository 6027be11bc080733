/** How a container is written. */
export type Kind = 'array' | 'bitmap' | 'run'

/** Rows below 2^31 in the portable form, each container as it is asked for. */
export function written(rows: readonly number[], kindOf: (key: number) => Kind): Uint8Array {
  const containers = [...Map.groupBy(rows, (row) => Math.floor(row / 65_536))].sort(([a], [b]) => a - b)
  const kinds = containers.map(([key, own]) => {
    const kind = kindOf(key)
    return kind === 'run' ? kind : own.length > 4_096 ? 'bitmap' : 'array'
  })
  const hasRuns = kinds.includes('run')
  const out: number[] = []
  const u16 = (value: number) => out.push(value & 255, value >> 8)
  const u32 = (value: number) => {
    u16(value & 0xffff)
    u16(value >>> 16)
  }
  u32(1_681_511_377)
  u32(1)
  u32(0)
  u32(0)
  if (hasRuns) {
    u32(12_347 | ((containers.length - 1) << 16))
    for (let at = 0; at < containers.length; at += 8) {
      out.push(kinds.slice(at, at + 8).reduce((byte, kind, bit) => byte | (kind === 'run' ? 1 << bit : 0), 0))
    }
  } else {
    u32(12_346)
    u32(containers.length)
  }
  for (const [key, own] of containers) {
    u16(key)
    u16(own.length - 1)
  }
  if (!hasRuns || containers.length >= 4) for (const _ of containers) u32(0)
  for (const [at, [, own]] of containers.entries()) {
    const low = own.map((row) => row % 65_536).sort((a, b) => a - b)
    if (kinds[at] === 'array') low.forEach(u16)
    else if (kinds[at] === 'bitmap') {
      const bytes = new Uint8Array(8_192)
      for (const bit of low) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7))
      out.push(...bytes)
    } else {
      const runs: [number, number][] = []
      for (const bit of low) {
        const last = runs.at(-1)
        if (last && last[0] + last[1] + 1 === bit) last[1] += 1
        else runs.push([bit, 0])
      }
      u16(runs.length)
      for (const pair of runs) pair.forEach(u16)
    }
  }
  return Uint8Array.from(out)
}
