import { MillraceError } from '../../../base/kernel/index.ts'
import { DBT_VERSION } from '../artifacts/metadata.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import { meetsAll } from './version-range.ts'

/**
 * Refuses projects and packages whose `require-dbt-version` leaves out the version of dbt that Millrace answers as.
 * @throws MillraceError PACKAGE_INVALID
 */
export function checkRequiredVersions(projects: readonly DbtProject[]): void {
  for (const { name, requiredVersions } of projects) {
    if (requiredVersions.length === 0 || meetsAll(DBT_VERSION, requiredVersions)) continue
    throw new MillraceError(
      'PACKAGE_INVALID',
      `This version of dbt is not supported with the '${name}' package: it is taken for ${DBT_VERSION}, and ${name} requires ${requiredVersions.join(', ')}`,
      { hint: `Take another version of the '${name}' package, or run again with --no-version-check.` },
    )
  }
}
