import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPayerClient } from '../../gateway/client.ts'
import { type TinyDirectory, tinyDirectory } from '../../gpu/decode/tiny-model.fixture.ts'
import { type GatewayWorld, startGatewayWorld } from '../../test/support/gateway-world.ts'
import { startProcess } from '../../test/support/lasting-process.ts'
import { runCli } from '../../test/support/run-cli.ts'

const apiKey = 'rpc-key-0123456789abcdef'

/** Starting a process takes seconds, and many times that on a busy machine. */
const patienceMs = 240_000

let world: GatewayWorld
let tiny: TinyDirectory
let operatorKey: string
let gatewaySettings: Record<string, string>

beforeAll(async () => {
  ;[world, tiny] = await Promise.all([startGatewayWorld(), tinyDirectory()])
  const { chain, dir, gpu } = world
  await symlink(join(dir, 'artifacts'), join(dir, 'store'))
  const deployment = join(dir, 'deployment.json')
  await writeFile(deployment, JSON.stringify(chain.deployment))
  operatorKey = toHex(chain.wallet('operator').account.getHdKey().privateKey ?? new Uint8Array(32))
  gatewaySettings = {
    PROVENANT_RPC_URL: `${chain.anvil.url}/?key=${apiKey}`,
    PROVENANT_DEPLOYMENT: deployment,
    PROVENANT_ARTIFACTS: dir,
    PROVENANT_DIR: dir,
    PROVENANT_GPU_URL: gpu.url,
    PROVENANT_OPERATOR_KEY: operatorKey,
  }
})

afterAll(async () => {
  await world?.close()
  await tiny?.remove()
})

/** Waits until a call has passed the gateway's checks. */
const gpuAsked = async (question: string) => {
  while (!world.gpu.asked.includes(question)) await sleep(5)
}

test(
  'a gateway finishes the answer it gives, ends, and goes on after the next start',
  async () => {
    const first = await startProcess(['gateway'], gatewaySettings)
    expect(await first.get('/health')).toMatchObject({ status: 200 })
    expect(await first.get('/ready')).toMatchObject({ status: 200 })
    expect((await first.get('/metrics')).text).toContain('provenant_gateway_pending_calls 0')
    const account = await world.payer(10n ** 9n)
    world.gpu.delay(800)
    const running = createPayerClient({ gatewayUrl: first.printed.url, account }).ask(
      'atlas',
      'Who?',
    )
    await gpuAsked('Who?')
    const stopped = await first.stop('SIGTERM')
    expect((await running).provenance.callPosition).toBe('1')
    expect(stopped).toMatchObject({ code: 0 })
    expect(stopped.ms).toBeLessThan(5000)
    world.gpu.delay(0)

    const second = await startProcess(['gateway'], gatewaySettings)
    expect((await second.get('/metrics')).text).toContain('provenant_gateway_pending_calls 1')
    const client = createPayerClient({ gatewayUrl: second.printed.url, account })
    expect((await client.ask('atlas', 'And who?')).provenance.callPosition).toBe('2')
    // A GPU server that never answers must not hold the process, nor cost the payer anything.
    world.gpu.behave('hang')
    const refused = expect(client.ask('atlas', 'Nobody?')).rejects.toMatchObject({
      code: 'GATEWAY_CLOSED',
    })
    await gpuAsked('Nobody?')
    const interrupted = await second.stop('SIGINT')
    await refused
    world.gpu.behave('ok')
    expect(interrupted).toMatchObject({ code: 0 })
    expect(interrupted.ms).toBeLessThan(5000)

    const third = await startProcess(['gateway'], gatewaySettings)
    expect((await third.get('/metrics')).text).toContain('provenant_gateway_pending_calls 2')
    expect(await third.stop('SIGTERM')).toMatchObject({ code: 0 })

    expect(first.log()[0]).toMatchObject({ process: 'gateway', msg: 'starts', version: '0.1.0' })
    expect(first.log().at(-1)).toMatchObject({ msg: 'stopped', reason: 'SIGTERM' })
    expect(second.log().at(-1)).toMatchObject({ msg: 'stopped', reason: 'SIGINT' })
    for (const { output } of [first, second, third])
      for (const secret of [apiKey, operatorKey, operatorKey.slice(2)])
        expect(output()).not.toContain(secret)
  },
  patienceMs,
)

test(
  'errors that name a URL do not print the API key in it',
  async () => {
    const { code, stdout, stderr } = await runCli(['gateway', '--json'], {
      ...gatewaySettings,
      PROVENANT_RPC_URL: `http://127.0.0.1:9/?key=${apiKey}`,
    })
    expect(code).toBe(75)
    expect(JSON.parse(stdout)).toMatchObject({ error: { facts: { host: '127.0.0.1:9' } } })
    expect(stdout + stderr).not.toContain(apiKey)
  },
  patienceMs,
)

test(
  'a GPU server streams its answers to the end before it ends',
  async () => {
    const settings = { PROVENANT_DIR: world.dir }
    const args = ['gpu', '--model', tiny.model]
    const ask = (url: string) =>
      fetch(`${url}/v1/completions`, {
        method: 'POST',
        body: JSON.stringify({
          ...{ model: 'provenant-base', prompt: 'Which chain is it?', max_tokens: 60 },
          ...{ temperature: 0, ignore_eos: true, stream: true },
        }),
      })
    const first = await startProcess(args, settings)
    expect(await first.get('/health')).toMatchObject({ status: 200 })
    expect(await first.get('/ready')).toMatchObject({ status: 200 })
    expect((await first.get('/metrics')).text).toContain('provenant_gpu_queue_length 0')
    const running = await ask(first.printed.url)
    const [stopped, text] = await Promise.all([first.stop('SIGTERM'), running.text()])
    expect(text).toContain('data: [DONE]')
    expect(stopped).toMatchObject({ code: 0 })
    expect(stopped.ms).toBeLessThan(5000)
    expect(first.log().at(-1)).toMatchObject({ process: 'gpu', reason: 'SIGTERM' })

    const second = await startProcess(args, settings)
    expect(textOf(await (await ask(second.printed.url)).text())).toBe(textOf(text))
    expect(await second.stop('SIGINT')).toMatchObject({ code: 0 })
  },
  patienceMs,
)

const textOf = (stream: string) =>
  [...stream.matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => text).join('')
