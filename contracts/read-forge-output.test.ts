import { expect, test } from 'vitest'
import { readForgeOutput, type SuiteResult } from './read-forge-output.ts'

const output = `
Ran 3 tests for test/Escrow.t.sol:EscrowTest
[PASS] testFuzz_sum(uint256) (runs: 200, μ: 407359, ~: 417239)
[FAIL: assertion failed: 3 != 2; counterexample: calldata=0x00 args=[1]] testFuzz_bad(uint256,uint128[3]) (runs: 1, μ: 0, ~: 0)
[FAIL] test_silent() (gas: 1593149)
Suite result: FAILED. 1 passed; 2 failed; 0 skipped; finished in 71.77ms (87.33ms CPU time)

Ran 2 tests for test/Ledger.t.sol:LedgerTest
[PASS] test_a() (gas: 1)
[SKIP] test_b() (gas: 0)
Suite result: ok. 1 passed; 0 failed; 1 skipped; finished in 1.10s (1.20s CPU time)

Ran 2 test suites in 1.14s (1.25s CPU time): 2 tests passed, 2 failed, 1 skipped (5 total tests)

Failing tests:
Encountered 2 failing tests in test/Escrow.t.sol:EscrowTest
[FAIL] test_silent() (gas: 1593149)
`

test('suites, failures with their reasons and skips are read from the text of forge', () => {
  const suites: SuiteResult[] = []
  const read = readForgeOutput((result) => suites.push(result))
  for (const line of output.split('\n')) read(line)
  expect(suites).toEqual([
    {
      suite: 'test/Escrow.t.sol:EscrowTest',
      passed: 1,
      failed: [
        {
          suite: 'test/Escrow.t.sol:EscrowTest',
          test: 'testFuzz_bad(uint256,uint128[3])',
          reason: 'assertion failed: 3 != 2; counterexample: calldata=0x00 args=[1]',
        },
        { suite: 'test/Escrow.t.sol:EscrowTest', test: 'test_silent()', reason: 'no reason given' },
      ],
      skipped: 0,
      duration: '71.77ms',
    },
    {
      suite: 'test/Ledger.t.sol:LedgerTest',
      passed: 1,
      failed: [],
      skipped: 1,
      duration: '1.10s',
    },
  ])
})
