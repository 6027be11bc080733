import { z } from 'zod'

/**
 * How a container of Azure Storage is reached: the options of a connection of kind `azure`. What is left out comes from
 * AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_KEY and AZURE_STORAGE_SAS_TOKEN.
 */
export const azureOptions = z.strictObject({
  account: z.string().min(1).describe('The storage account, unless the address names it.').optional(),
  account_key: z.string().min(1).describe('A key of the account; give it from the environment.').optional(),
  sas_token: z.string().min(1).describe('A shared access signature, in place of a key.').optional(),
  endpoint: z
    .url()
    .describe('The address of a blob service other than Azure’s, such as http://127.0.0.1:10000/devstoreaccount1.')
    .optional(),
})

/** Checked options of a connection of kind `azure`. */
export type AzureOptions = z.output<typeof azureOptions>
