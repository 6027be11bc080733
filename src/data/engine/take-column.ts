import type { ColumnData } from './contract.ts'

/** Whether the row at `index` of a validity bitmap is valid. */
export function isValid(validity: Uint8Array | undefined, index: number): boolean {
  return validity === undefined || ((validity[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

/** The rows of a column at `indices`, in that order, as a column of its own. */
export function takeColumn(column: ColumnData, indices: Uint32Array): ColumnData {
  const { type } = column
  const length = indices.length
  const validity = takeValidity(column.validity, indices)
  const base = { type, length, ...(validity === undefined ? {} : { validity }) }
  switch (column.layout) {
    case 'fixed': {
      const values = new (column.values.constructor as Uint8ArrayConstructor)(length)
      for (let row = 0; row < length; row += 1) values[row] = column.values[indices[row] as number] as number
      return { ...base, layout: 'fixed', values }
    }
    case 'bytes': {
      const { offsets: from } = column
      const offsets = new Uint32Array(length + 1)
      for (let row = 0; row < length; row += 1) {
        const index = indices[row] as number
        offsets[row + 1] = (offsets[row] as number) + (from[index + 1] as number) - (from[index] as number)
      }
      const bytes = new Uint8Array(offsets[length] as number)
      for (let row = 0; row < length; row += 1) {
        const index = indices[row] as number
        bytes.set(column.bytes.subarray(from[index], from[index + 1]), offsets[row])
      }
      return { ...base, layout: 'bytes', offsets, bytes }
    }
    case 'list': {
      const { offsets: from } = column
      const offsets = new Uint32Array(length + 1)
      const children: number[] = []
      for (let row = 0; row < length; row += 1) {
        const index = indices[row] as number
        for (let at = from[index] as number; at < (from[index + 1] as number); at += 1) children.push(at)
        offsets[row + 1] = children.length
      }
      return { ...base, layout: 'list', offsets, child: takeColumn(column.child, Uint32Array.from(children)) }
    }
    case 'struct':
      return { ...base, layout: 'struct', children: column.children.map((child) => takeColumn(child, indices)) }
  }
}

/** The bits of a validity bitmap at `indices`, in that order. */
export function takeValidity(validity: Uint8Array | undefined, indices: Uint32Array): Uint8Array | undefined {
  if (validity === undefined) return undefined
  const taken = new Uint8Array((indices.length + 7) >> 3)
  for (let row = 0; row < indices.length; row += 1) {
    if (isValid(validity, indices[row] as number)) taken[row >> 3] = (taken[row >> 3] as number) | (1 << (row & 7))
  }
  return taken
}
