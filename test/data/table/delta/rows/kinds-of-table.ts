const vectors = { 'delta.enableDeletionVectors': 'true' }
const mapped = { 'delta.columnMapping.mode': 'name' }
const feed = { 'delta.enableChangeDataFeed': 'true' }
const tracks = { 'delta.enableRowTracking': 'true' }

/** Tables whose rows are changed in different ways. */
export const KINDS_OF_TABLE: readonly {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly partitionBy: readonly string[]
}[] = [
  { name: 'plain', properties: {}, partitionBy: [] },
  { name: 'partitioned', properties: {}, partitionBy: ['part'] },
  { name: 'with change feed', properties: feed, partitionBy: [] },
  { name: 'with vectors', properties: vectors, partitionBy: [] },
  { name: 'mapped with change feed', properties: { ...mapped, ...feed }, partitionBy: [] },
  { name: 'mapped with vectors', properties: { ...mapped, ...vectors }, partitionBy: ['part'] },
  { name: 'tracking rows', properties: tracks, partitionBy: ['part'] },
  { name: 'partitioned with vectors and change feed', properties: { ...vectors, ...feed }, partitionBy: ['part'] },
]
