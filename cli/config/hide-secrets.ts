/** Shorter parts of a path, such as `v1` or `mainnet`, name a route; API keys are longer. */
const shortestKey = 16

const passwordInUrl = /(:\/\/[^\s:/@"']*:)[^\s@/"']+@/g

const secretNames = /_(KEY|TOKEN|SECRET|PASSWORD)$/
/** What is shorter is a word that logs may need. */
const shortestSecret = 8

/**
 * Creates a function that blanks what nobody may read in logs: keys, tokens and passwords, and the
 * API keys in paths and queries of URLs, as variables of an environment hold them.
 */
export function hideSecrets(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): (text: string) => string {
  const secrets = Object.entries(environment).flatMap(([name, value = '']) => {
    if (name.endsWith('_URL')) return value.split(',').flatMap(secretsOfUrl)
    return secretNames.test(name) && value.length >= shortestSecret
      ? [value, value.replace(/^0x/, '')]
      : []
  })
  // In a line of JSON a quote or backslash of a password is escaped.
  const spellings = [...new Set(secrets.flatMap((secret) => [secret, escaped(secret)]))].sort(
    (a, b) => b.length - a.length,
  )
  return (text) =>
    spellings.reduce(
      (clean, secret) => clean.replaceAll(secret, '***'),
      text.replace(passwordInUrl, '$1***@'),
    )
}

function secretsOfUrl(text: string): readonly string[] {
  if (!URL.canParse(text.trim())) return []
  const { password, pathname, searchParams } = new URL(text.trim())
  const parts = [...pathname.split('/'), ...searchParams.values()]
  return [
    ...(password.length < 4 ? [] : [password, decoded(password)]),
    ...parts.filter((part) => part.length >= shortestKey),
  ]
}

const escaped = (text: string) => JSON.stringify(text).slice(1, -1)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
