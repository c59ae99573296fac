import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { datanetControlEvents } from '../../schema/events/datanet-control.ts'
import { eventDecoders } from './event-decoders.ts'
import { ignore, logDecoder, on } from './log-decoder.ts'
import { lower } from './lower.ts'
import { meaningsOf } from './meanings-of.ts'
import { storableText } from './storable-text.ts'

const events = eventDecoders(datanetRegistryAbi)

/** Facts of the Datanet registry. */
export const decodeDatanetRegistry = logDecoder([
  on(events.DatanetCreated, (e) => ({
    type: 'DatanetCreated',
    data: {
      datanetId: e.datanetId.toString(),
      owner: lower(e.owner),
      metaHash: e.metaHash,
      uri: storableText(e.uri),
      licence: e.licence,
    },
  })),
  on(events.ContributionSubmitted, (e) => ({
    type: 'ContributionSubmitted',
    data: {
      datanetId: e.datanetId.toString(),
      contributionId: e.contributionId.toString(),
      contributor: lower(e.contributor),
      root: e.root,
      rows: e.rows,
      byteSize: e.byteSize.toString(),
      dataHash: e.dataHash,
    },
  })),
  on(events.ContributionAccepted, (e) => ({
    type: 'ContributionAccepted',
    data: {
      datanetId: e.datanetId.toString(),
      contributionId: e.contributionId.toString(),
      by: lower(e.by),
    },
  })),
  on(events.ContributionRejected, (e) => ({
    type: 'ContributionRejected',
    data: {
      datanetId: e.datanetId.toString(),
      contributionId: e.contributionId.toString(),
      by: lower(e.by),
      reasonCode: e.reasonCode,
    },
  })),
  ...meaningsOf(events, datanetControlEvents, { DatanetsPausedSet: 'PausedSet' }),
  ignore(events.AuthorityUpdated),
  ignore(events.Initialized),
  ignore(events.Upgraded),
])
