// What of a person a column may hold: by the form of its values, or by its name. A guess for people to look at.

/** Forms of values, as regular expressions that both engines read; all of a value must match. */
export const FORMS: readonly { readonly kind: string; readonly pattern: string }[] = [
  { kind: 'e-mail address', pattern: '[^@ ]+@[^@ ]+[.][A-Za-z]{2,}' },
  { kind: 'IP address', pattern: '([0-9]{1,3}[.]){3}[0-9]{1,3}' },
  { kind: 'bank account (IBAN)', pattern: '[A-Z]{2}[0-9]{2} ?([A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}' },
  { kind: 'payment card', pattern: '[3-6][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3,4}' },
  { kind: 'social security number', pattern: '[0-9]{3}-[0-9]{2}-[0-9]{4}' },
  { kind: 'phone number', pattern: '[+][0-9][0-9 ()/.-]{6,18}[0-9]|[(][0-9]{2,5}[)][ -]?[0-9][0-9 -]{4,12}' },
]

/** Words of names, each with what such a column holds; the longest comes first. */
const WORDS: readonly (readonly [words: string, kind: string])[] = [
  ['e_?mail|mail_address', 'e-mail address'],
  ['phone|mobile|telephone|fax', 'phone number'],
  [
    'first_?name|last_?name|surname|given_?name|family_?name|full_?name|maiden_?name|customer_?name|person_?name',
    'name',
  ],
  ['birth_?(date|day)|date_?of_?birth|dob|born', 'date of birth'],
  ['ssn|social_?security|national_?id|passport|tax_?id|driver_?licen[cs]e', 'official number'],
  ['iban|account_?number|card_?number|credit_?card', 'bank account or card'],
  ['street|address|zip_?code|postal_?code|post_?code', 'address'],
  ['ip|ip_?addr(ess)?', 'IP address'],
  ['latitude|longitude', 'location'],
  ['gender|sex|religion|ethnicity|nationality|salary|diagnosis', 'personal attribute'],
  ['password|passwd|secret|token', 'secret'],
]

/** What a column of this name usually holds of a person; undefined when the name says nothing. */
export function personalByName(name: string): string | undefined {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
  return WORDS.find(([pattern]) => new RegExp(`(^|[_ .-])(${pattern})([_ .-]|$)`).test(words))?.[1]
}
