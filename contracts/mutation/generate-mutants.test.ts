import { expect, test } from 'vitest'
import { generateMutants } from './generate-mutants.ts'
import type { Mutant } from './mutant.ts'
import { parseSolidity } from './parse-solidity.ts'
import { SourceText } from './source-text.ts'

function mutantsOf(body: string, members = ''): readonly Mutant[] {
  const text = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
contract Subject {
  error Refused(uint256 amount);
  event Took(uint256 amount);
  uint256 internal total;
  mapping(address => bool) internal known;
  ${members}
  function act(uint256 a, uint256 b) internal returns (uint256 c) {
    ${body}
  }
}`
  const asts = parseSolidity(new Map([['src/Subject.sol', text]]), () => undefined)
  const ast = asts.get('src/Subject.sol')
  if (ast === undefined) throw new Error('not parsed')
  return generateMutants('Subject.sol', text, ast)
}

const changes = (mutants: readonly Mutant[]) =>
  mutants.map(({ operator, original, mutated }) => [operator, original, mutated])

test('a comparison moves by its boundary and turns round', () => {
  expect(changes(mutantsOf('c = a < b ? a : b;')).slice(0, 3)).toEqual([
    ['assignment-dropped', 'c = a < b ? a : b;', '{}'],
    ['compare-boundary', 'a < b', 'a <= b'],
    ['compare-negated', 'a < b', 'a >= b'],
  ])
})

test('equality has no boundary', () => {
  const operators = mutantsOf('if (a == b) c = a;').map(({ operator }) => operator)
  expect(operators).toContain('compare-negated')
  expect(operators).not.toContain('compare-boundary')
})

test('the operator is found behind parentheses and comments that hold one', () => {
  expect(changes(mutantsOf('c = (a /* + */ ) - /* * */ b;'))).toContainEqual([
    'arithmetic',
    '(a /* + */ ) - /* * */ b',
    '(a /* + */ ) + /* * */ b',
  ])
})

test('calculations, compound assignments and junctions are swapped', () => {
  const found = changes(mutantsOf('total += a * b; if (a > 1 && b > 1) ++total;'))
  expect(found).toContainEqual(['arithmetic', 'total += a * b', 'total -= a * b'])
  expect(found).toContainEqual(['arithmetic', 'a * b', 'a / b'])
  expect(found).toContainEqual(['logic', 'a > 1 && b > 1', 'a > 1 || b > 1'])
  expect(found).toContainEqual(['arithmetic', '++total', '--total'])
  expect(found).toContainEqual(['assignment-dropped', '++total;', '{}'])
})

test('a guard is removed whole, and one that asks who calls counts as access', () => {
  const found = changes(
    mutantsOf('if (a > b) revert Refused(a - b); if (!known[msg.sender]) { revert Refused(0); }'),
  )
  expect(found).toContainEqual(['revert-removed', 'if (a > b) revert Refused(a - b);', '{}'])
  expect(found).toContainEqual([
    'access-removed',
    'if (!known[msg.sender]) { revert Refused(0); }',
    '{}',
  ])
})

test('an old revert with a text is a guard like any other', () => {
  expect(changes(mutantsOf('if (a > b) revert("refused");'))).toContainEqual([
    'revert-removed',
    'if (a > b) revert("refused");',
    '{}',
  ])
})

test('what an error or an event is declared with or a revert says is left alone', () => {
  const found = changes(mutantsOf('if (a > b) revert Refused(a - 7);'))
  expect(found.filter(([, original]) => original?.startsWith('a - 7'))).toEqual([])
})

test('events, calls and deletes are dropped', () => {
  const found = changes(mutantsOf('emit Took(a); delete total; act(b, a);'))
  expect(found).toContainEqual(['event-dropped', 'emit Took(a);', '{}'])
  expect(found).toContainEqual(['assignment-dropped', 'delete total;', '{}'])
  expect(found).toContainEqual(['call-dropped', 'act(b, a);', '{}'])
})

test('modifiers are removed; base constructors are not', () => {
  const found = changes(
    mutantsOf('', 'modifier restricted() { _; } function guarded() external restricted {}'),
  )
  expect(found).toContainEqual(['access-removed', 'restricted', ''])
})

test('numbers move by one in their own notation, zero only up', () => {
  const found = changes(mutantsOf('c = a + 0; c = b * 0x0f; c = 10_000; c = 1 days;'))
  expect(found).toContainEqual(['constant-up', '0', '1'])
  expect(
    found.filter(([operator, original]) => operator === 'constant-down' && original === '0'),
  ).toEqual([])
  expect(found).toContainEqual(['constant-up', '0x0f', '0x10'])
  expect(found).toContainEqual(['constant-down', '10_000', '9999'])
  expect(found).toContainEqual(['constant-up', '1 days', '2 days'])
})

test('the zero that a hash is compared with stays, because no other number fits', () => {
  const found = changes(mutantsOf('if (bytes32(a) == 0 || b == 0) c = 1;'))
  expect(
    found.filter(([operator, original]) => operator === 'constant-up' && original === '0'),
  ).toHaveLength(1)
})

test('truth is turned round where it is written, asked for and returned', () => {
  const found = changes(
    mutantsOf(
      'known[msg.sender] = true; if (known[msg.sender]) c = 1; if (!known[msg.sender]) c = 2;',
      'function isLarge(uint256 a) internal pure returns (bool) { return a > 5; }',
    ),
  )
  expect(found).toContainEqual(['condition-negated', 'true', 'false'])
  expect(found).toContainEqual(['condition-negated', 'known[msg.sender]', '!known[msg.sender]'])
  expect(found).toContainEqual(['condition-negated', '!known[msg.sender]', 'known[msg.sender]'])
  expect(found).toContainEqual(['return-changed', 'return a > 5', 'return !(a > 5)'])
})

test('a returned number becomes zero, a hash too', () => {
  const found = changes(
    mutantsOf(
      '',
      'function hash(uint256 a) internal pure returns (bytes32) { return keccak256(abi.encode(a)); } function twice(uint256 a) internal pure returns (uint256) { return a * 2; }',
    ),
  )
  expect(found).toContainEqual([
    'return-changed',
    'return keccak256(abi.encode(a))',
    'return bytes32(0)',
  ])
  expect(found).toContainEqual(['return-changed', 'return a * 2', 'return 0'])
})

test('inline assembly is mutated too', () => {
  const found = changes(mutantsOf('assembly { c := add(a, 0x20) if lt(a, b) { mstore(0, c) } }'))
  expect(found).toContainEqual(['arithmetic', 'add(a, 0x20)', 'sub(a, 0x20)'])
  expect(found).toContainEqual(['compare-negated', 'lt(a, b)', 'gt(a, b)'])
  expect(found).toContainEqual(['constant-up', '0x20', '0x21'])
  expect(found).toContainEqual(['call-dropped', 'mstore(0, c)', ''])
  expect(found).toContainEqual(['assignment-dropped', 'c := add(a, 0x20)', ''])
})

test('ids are unique, in order, and say where', () => {
  const mutants = mutantsOf('c = a < b ? a + 1 : b - 1; total = c;')
  const ids = mutants.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(mutants.map(({ edit }) => edit.start)).toEqual(
    mutants.map(({ edit }) => edit.start).sort((a, b) => a - b),
  )
  expect(mutants.find(({ operator }) => operator === 'compare-boundary')).toMatchObject({
    id: 'Subject.sol:10:11:compare-boundary',
    scope: 'act',
  })
})

test('positions are characters, edits are bytes', () => {
  const body = '/* ≤ ä */ c = a < b ? a : b;'
  const mutant = mutantsOf(body).find(({ operator }) => operator === 'compare-boundary')
  expect(mutant?.column).toBe(5 + body.indexOf('<'))
  const text = new SourceText(`${' '.repeat(3)}ä < b`)
  expect(text.replace(6, 7, '<=')).toBe('   ä <= b')
})

test('every mutant is a text that the compiler can parse', () => {
  const text = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
contract Subject {
  uint256 internal total;
  modifier once() { require(total == 0); _; }
  function act(uint256 a, uint256 b) external once returns (uint256) {
    if (a > b) revert();
    for (uint256 i; i < a; ++i) total += i * b;
    if (a == 1 || b != 2) total = a; else delete total;
    return total >> 1;
  }
}`
  const parse = (changed: string) =>
    parseSolidity(new Map([['src/S.sol', changed]]), () => undefined)
  const ast = parse(text).get('src/S.sol')
  if (ast === undefined) throw new Error('not parsed')
  const source = new SourceText(text)
  const mutants = generateMutants('S.sol', text, ast)
  expect(mutants.length).toBeGreaterThan(20)
  for (const { edit, id } of mutants)
    expect(() => parse(source.replace(edit.start, edit.end, edit.replacement)), id).not.toThrow()
})
