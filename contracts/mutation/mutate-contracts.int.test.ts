import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isErrorWithCode } from '../../schema/errors.ts'
import { findSuites } from './find-suites.ts'
import { type MutationOptions, mutateContracts } from './mutate-contracts.ts'

const minutes = 60_000
const repository = join(import.meta.dirname, '../..')
let folder = ''
let project = ''

const library = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
library Halves {
    function halve(uint256 value) internal pure returns (uint256) {
        return value / 2;
    }
}
`
const contract = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Halves} from "./Halves.sol";
contract Vault {
    error Nobody();
    uint256 public total;
    constructor(address owner, address heir) {
        if (owner == address(0) || heir == address(0)) revert Nobody();
    }
    function put(uint256 amount) external {
        if (amount == 0) revert("zero");
        total += amount;
    }
    function larger(uint256 a, uint256 b) external pure returns (uint256) {
        return a > b ? a : b;
    }
    function half() external view returns (uint256) {
        return Halves.halve(total);
    }
    function name() external pure returns (string memory) {
        return "vault";
    }
    function spin(uint256 rounds) external pure returns (uint256 spins) {
        for (uint256 i; i != rounds; ++i) ++spins;
    }
}
`
const suite = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
import {Halves} from "../src/Halves.sol";
import {Vault} from "../src/Vault.sol";
interface Vm {
    function expectRevert(bytes4 selector) external;
}
contract VaultTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public IS_TEST = true;
    Vault private vault;
    function setUp() public {
        vault = new Vault(address(1), address(2));
    }
    function test_nobody() public {
        vm.expectRevert(Vault.Nobody.selector);
        new Vault(address(0), address(2));
        vm.expectRevert(Vault.Nobody.selector);
        new Vault(address(1), address(0));
    }
    function test_put_adds() public {
        vault.put(6);
        require(vault.total() == 6, "total");
        require(vault.larger(2, 5) == 5 && vault.larger(5, 2) == 5, "larger");
        require(vault.spin(3) == 3, "spin");
    }
    function test_halves() public pure {
        require(Halves.halve(8) == 4, "half");
    }
}
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutate-contracts-'))
  project = join(folder, 'contracts')
  await mkdir(join(project, 'src'), { recursive: true })
  await mkdir(join(project, 'test'))
  await cp(join(repository, 'contracts/foundry.toml'), join(project, 'foundry.toml'))
  await symlink(join(repository, 'tools'), join(folder, 'tools'), 'dir')
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'), 'dir')
  await writeFile(join(project, 'src/Halves.sol'), library)
  await writeFile(join(project, 'src/Vault.sol'), contract)
  await writeFile(join(project, 'test/Vault.t.sol'), suite)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function options(overrides: Partial<MutationOptions> = {}): MutationOptions {
  return {
    project,
    files: ['Halves.sol', 'Vault.sol'],
    sample: 0,
    seed: '1',
    jobs: 2,
    known: [],
    store: join(folder, 'outcomes.jsonl'),
    resume: false,
    environment: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    ...overrides,
  }
}

test('suites are near if they name or import the source, far if others lead them there', async () => {
  const fixture = 'import {Vault} from "../src/Vault.sol";\nabstract contract Fixture {}\n'
  const other = 'import {\n  Fixture\n} from "./Fixture.sol";\ncontract OtherTest is Fixture {}\n'
  await writeFile(join(project, 'test/Fixture.sol'), fixture)
  await writeFile(join(project, 'test/Other.t.sol'), other)
  await writeFile(join(project, 'test/Alone.t.sol'), 'contract AloneTest {}\n')
  const found = findSuites(project, 'Vault.sol')
  for (const name of ['Fixture.sol', 'Other.t.sol', 'Alone.t.sol'])
    await rm(join(project, 'test', name))
  expect(found.near).toEqual(['test/Vault.t.sol'])
  expect(found.far).toEqual(['test/Other.t.sol'])
  expect(found.nearFiles).toEqual(['src/Halves.sol', 'src/Vault.sol', 'test/Vault.t.sol'])
})

test(
  'a mistake that a test notices is killed, one that changes nothing survives with its reason',
  async () => {
    const ended: string[] = []
    const known = [
      {
        id: 'Vault.sol:16:18:compare-boundary',
        scope: 'larger',
        original: 'a > b',
        mutated: 'a >= b',
        reason: 'Equal numbers are both the larger one.',
      },
    ]
    const report = await mutateContracts(
      options({
        known,
        only: ':compare-boundary',
        onOutcome: ({ id }, { kind }) => ended.push(`${id} ${kind}`),
      }),
    )
    expect(ended).toEqual(['Vault.sol:16:18:compare-boundary survived'])
    expect(report).toMatchObject({ mutants: 1, killed: 0, rate: 0 })
    expect(report.survivors[0]?.reason).toBe('Equal numbers are both the larger one.')

    const others = await mutateContracts(options({ only: ':arithmetic' }))
    expect(others.mutants).toBe(4)
    expect(others.survivors).toEqual([])
    expect(others.byFile).toEqual({
      'Halves.sol': { mutants: 1, killed: 1 },
      'Vault.sol': { mutants: 3, killed: 3 },
    })
  },
  3 * minutes,
)

test(
  'a test of a constructor counts beyond the first revert that it expects',
  async () => {
    const report = await mutateContracts(options({ only: 'Vault.sol:9:41:compare-negated' }))
    expect(report).toMatchObject({ mutants: 1, killed: 1 })
    const heir = await mutateContracts(options({ only: 'Vault.sol:9:52:constant-up' }))
    expect(heir).toMatchObject({ mutants: 1, killed: 1 })
  },
  3 * minutes,
)

test(
  'a guard that no test tries is found out, and a resumed run repeats nothing',
  async () => {
    const first = await mutateContracts(options({ only: 'revert-removed' }))
    expect(first.survivors).toMatchObject([{ scope: 'put', reason: null }])
    const tested: string[] = []
    const again = await mutateContracts(
      options({ only: 'revert-removed', resume: true, onOutcome: ({ id }) => tested.push(id) }),
    )
    expect(tested).toEqual([])
    expect(again.survivors).toEqual(first.survivors)
  },
  3 * minutes,
)

test(
  'contracts that fail unchanged are not mutated, and nothing is left behind',
  async () => {
    const mine = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('provenant-mutation-')).length
    const before = await mine()
    await writeFile(join(project, 'test/Vault.t.sol'), suite.replace('== 6', '== 7'))
    const failed = await mutateContracts(options({ only: 'revert-removed' })).catch(
      (error: unknown) => error,
    )
    await writeFile(join(project, 'test/Vault.t.sol'), suite)
    expect(isErrorWithCode(failed, 'CONTRACTS_INVALID')).toBe(true)
    expect(await mine()).toBeLessThanOrEqual(before)
  },
  3 * minutes,
)
