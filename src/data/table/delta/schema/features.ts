/** What a table feature is to whoever reads or writes a table. */
export interface Feature {
  /** Whether readers must understand it; the others concern writers only. */
  readonly isForReaders: boolean
  readonly canRead: boolean
  readonly canWrite: boolean
  /** The protocol versions that stand for it in tables without lists of features. */
  readonly legacy?: { readonly reader?: number; readonly writer: number }
}

const reader = (canRead: boolean, canWrite = false): Feature => ({
  isForReaders: true,
  canRead,
  canWrite,
})
const writer = (canWrite: boolean, version?: number): Feature => ({
  isForReaders: false,
  canRead: true,
  canWrite,
  ...(version === undefined ? {} : { legacy: { writer: version } }),
})

/**
 * Every table feature of the Delta protocol ("Valid Feature Names in Table Features") with what is understood of it.
 * A feature that is not here is unknown: a reader feature refuses the table, a writer feature refuses writing.
 */
export const FEATURES: Readonly<Record<string, Feature>> = {
  appendOnly: writer(true, 2),
  invariants: writer(true, 2),
  checkConstraints: writer(true, 3),
  changeDataFeed: writer(true, 4),
  generatedColumns: writer(true, 4),
  columnMapping: { ...reader(true, true), legacy: { reader: 2, writer: 5 } },
  identityColumns: writer(true, 6),
  deletionVectors: reader(true, true),
  rowTracking: writer(true),
  domainMetadata: writer(true),
  timestampNtz: reader(true, true),
  // Checkpoints of the old form are allowed beside those of the new one.
  v2Checkpoint: reader(true, true),
  vacuumProtocolCheck: reader(true, true),
  typeWidening: reader(true, true),
  'typeWidening-preview': reader(true, true),
  inCommitTimestamp: writer(true),
  allowColumnDefaults: writer(true),
  clustering: writer(true),
  icebergCompatV1: writer(false),
  icebergCompatV2: writer(false),
  icebergCompatV3: writer(false),
  checkpointProtection: writer(false),
  materializePartitionColumns: writer(false),
  variantType: reader(true),
  'variantType-preview': reader(true),
  variantShredding: reader(false),
  'variantShredding-preview': reader(false),
  catalogManaged: reader(false),
  'catalogOwned-preview': reader(false),
}

/** What a legacy writer version stands for, when it is written out as features. */
export function legacyWriterFeatures(version: number): string[] {
  return Object.entries(FEATURES).flatMap(([name, { legacy }]) => (legacy && legacy.writer <= version ? [name] : []))
}
