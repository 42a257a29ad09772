/**
 * Every case of every vector file as a named check of crypto/, for whichever realm runs it: Node (tests/crypto/
 * vectors.test.ts) and a worker in Chromium (tests/browser/vectors.spec.ts). A check that doesn't hold throws.
 */
import { blobChunks, openBlobChunk, sealBlob, sealedBlobBytes } from "../../crypto/blobs.ts";
import {
  capabilityMessage,
  dropKeyFromSeed,
  dropMessage,
  proveCapability,
  proveDrop,
} from "../../crypto/capabilities.ts";
import { cardToPictures, deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import { openFromDoor, sealForDoor } from "../../crypto/door.ts";
import { encodeEpochKeys, parseEpochKeys } from "../../crypto/epoch-keys.ts";
import { combineFromHelpers, deriveHelpersKeys } from "../../crypto/helpers.ts";
import { hashCard, hashDevice, openContactCard, openDeviceCertificate, openStatement } from "../../crypto/identity.ts";
import { hashInner, verifyInner } from "../../crypto/inner.ts";
import { macIntroduction, openIntroduction } from "../../crypto/introductions.ts";
import { encodeInvitation, openInvitedCard, parseInvitation } from "../../crypto/invitation.ts";
import { deriveLadder } from "../../crypto/ladder.ts";
import { deriveBlobKey } from "../../crypto/media.ts";
import { acceptJoin, completeJoin, createJoin, finishJoin, readJoin } from "../../crypto/pairing.ts";
import { openPresence, sealPresence } from "../../crypto/presence.ts";
import { boxKeyPairFromSeed, circlePsk, openWrap, pairWrapSecret, wrapTag, wrapTo } from "../../crypto/recipients.ts";
import { openRecord, sealRecord } from "../../crypto/records.ts";
import { deriveAuthorKeys, deriveDeviceKey, derivePairKey } from "../../crypto/renewed.ts";
import { verifyRoster } from "../../crypto/roster-chain.ts";
import { deriveRowSealKey, nameRow, openRow, sealRow } from "../../crypto/rows.ts";
import { signingPairFromSeed } from "../../crypto/sodium.ts";
import { openTombstone, signTombstone } from "../../crypto/tombstones.ts";
import { createWayIn, openWayIn, parseWayIn, type WayInKind } from "../../crypto/ways-in.ts";
import blobs from "./blobs.json" with { type: "json" };
import capabilities from "./capabilities.json" with { type: "json" };
import card from "./card.json" with { type: "json" };
import { bytes, type Check, drawing, each, refused, same, word } from "./check.ts";
import pairing from "./pairing.json" with { type: "json" };
import payloads from "./payloads.json" with { type: "json" };
import people from "./people.json" with { type: "json" };
import records from "./records.json" with { type: "json" };
import renewed from "./renewed.json" with { type: "json" };
import rosters from "./rosters.json" with { type: "json" };
import rows from "./rows.json" with { type: "json" };
import waysIn from "./ways-in.json" with { type: "json" };
import wraps from "./wraps.json" with { type: "json" };

const recordChecks = (): Check[] => {
  const contentKey = bytes(records.contentKey);
  return [
    {
      name: "records: the content key comes down the ladder",
      run: () => {
        const { space, epoch } = records.valid[0]!.outer;
        const ladder = deriveLadder({ right: "own", seed: bytes(records.ownSeed), space: word(space), epoch });
        same(ladder.contentKey, contentKey);
      },
    },
    ...each("records", records.valid, (one) => {
      const outer = one.outer as never;
      same(openRecord(bytes(one.sealed), outer, contentKey).inner, one.inner);
      same(hashInner(bytes(one.inner)), one.chainHash);
      same(
        drawing([one.nonce], () => sealRecord(bytes(one.inner), outer, contentKey)),
        one.sealed,
      );
    }),
    ...each("records", records.invalid, (one) => {
      const key = "contentKey" in one ? bytes(one.contentKey as string) : contentKey;
      refused(() => openRecord(bytes(one.sealed), one.outer as never, key), one.expect);
    }),
    ...each("records, signature", records.signature, (one) =>
      same(verifyInner(bytes(one.inner), bytes(one.author)), one.verifies),
    ),
  ];
};

const blobChecks = (): Check[] => [
  ...each("blobs", blobs.valid, (one) =>
    same(openBlobChunk(bytes(blobs.key), word(one.blob), one.index, one.isFinal, bytes(one.sealed)), one.content),
  ),
  {
    name: "blobs: a whole blob seals to the same bytes",
    run: () => {
      const one = blobs.valid[0]!;
      same(
        drawing([one.nonce as string], () => sealBlob(bytes(blobs.key), word(one.blob), bytes(one.content))),
        [one.sealed],
      );
    },
  },
  ...each("blobs", blobs.invalid, (one) => {
    const key = bytes("key" in one ? (one.key as string) : blobs.key);
    refused(() => openBlobChunk(key, word(one.blob), one.index, one.isFinal, bytes(one.sealed)), one.expect);
  }),
  ...each("blob sizes", blobs.sizes, ({ length, chunks, sealedBytes }) =>
    same([blobChunks(length), sealedBlobBytes(length)], [chunks, sealedBytes]),
  ),
];

type WrapCase = (typeof wraps.valid)[number];
const wrapChecks = (): Check[] => {
  const contextOf = ({ purpose, space, epoch, sender, recipient }: WrapCase["context"]) => ({
    purpose: word(purpose),
    space: word(space),
    epoch,
    sender: bytes(sender),
    recipient: bytes(recipient),
  });
  const pskOf = (psk: string) => (psk === "" ? undefined : bytes(psk));
  return [
    ...each("wraps", wraps.valid, (one) =>
      same(openWrap(bytes(one.wrap), bytes(one.seed), contextOf(one.context), pskOf(one.psk)), one.payload),
    ),
    {
      name: "wraps: wrapping gives the same bytes",
      run: () => {
        const one = wraps.valid[0]!;
        const { publicKey } = boxKeyPairFromSeed(bytes(one.seed));
        const wrap = () => wrapTo(bytes(one.payload), publicKey, contextOf(one.context), pskOf(one.psk));
        same(drawing([one.encapsulation as string, one.nonce as string], wrap), one.wrap);
      },
    },
    ...each("wraps", wraps.invalid, (one) =>
      refused(() => openWrap(bytes(one.wrap), bytes(one.seed), contextOf(one.context), pskOf(one.psk)), one.expect),
    ),
  ];
};

const wayInChecks = (): Check[] => [
  ...each("ways in", waysIn.valid, (one) => {
    same(openWayIn(bytes(one.wayIn), bytes(one.seed), bytes(one.burn)), one.vaultKey);
    const { kind, params } = parseWayIn(bytes(one.wayIn));
    same({ kind, params }, { kind: one.kind, params: one.params });
  }),
  {
    name: "ways in: making one gives the same bytes",
    run: () => {
      const one = waysIn.valid[0]!;
      const params = { ...one.params!, salt: bytes(one.params!.salt) };
      const made = drawing([one.encapsulation as string, one.nonce as string], () =>
        createWayIn({
          kind: one.kind as WayInKind,
          seed: bytes(one.seed),
          params,
          vaultKey: bytes(one.vaultKey),
          burn: bytes(one.burn),
        }),
      );
      same(made, one.wayIn);
    },
  },
  ...each("ways in", waysIn.invalid, (one) =>
    refused(() => openWayIn(bytes(one.wayIn), bytes(one.seed), bytes(one.burn)), one.expect),
  ),
];

const capabilityChecks = (): Check[] => {
  const place = { space: word(capabilities.space), epoch: capabilities.epoch };
  const ladder = () => deriveLadder({ right: "own", seed: bytes(capabilities.ownSeed), ...place });
  return [
    {
      name: "capabilities: the ladder's keys",
      run: () => {
        const { writeSeed, readSeed, contentKey } = ladder();
        same([writeSeed, readSeed, contentKey], Object.values(capabilities.ladder));
      },
    },
    ...each("proofs", capabilities.proofs, ({ right, publicKey, message, proof }) => {
      const pair = ladder().capabilities[right as "own" | "write" | "read"]!;
      const challenge = {
        ...place,
        right: word(right),
        nonce: bytes(capabilities.nonce),
        serverId: word(capabilities.serverId),
      };
      same([pair.publicKey, capabilityMessage(challenge)], [publicKey, message]);
      same(proveCapability(pair.privateKey, challenge), proof);
    }),
    ...each("drop proofs", capabilities.drops, ({ purpose, bodyHash, publicKey, message, proof }) => {
      const pair = dropKeyFromSeed(bytes(capabilities.dropSeed));
      const claim = { serverId: word(capabilities.serverId), purpose: word(purpose), bodyHash: bytes(bodyHash) };
      same([pair.publicKey, dropMessage(claim), proveDrop(pair.privateKey, claim)], [publicKey, message, proof]);
    }),
  ];
};

const cardChecks = (): Check[] => [
  ...each("card", card.valid, ({ secret, rows: pictures, boxSeed, wrapSecret, wayInSeed }) => {
    same(cardToPictures(bytes(secret)), pictures);
    same(picturesToCard(pictures), { secret });
    const keys = deriveCardKeys(bytes(secret));
    same([keys.box.seed, keys.wrapSecret, keys.wayInSeed], [boxSeed, wrapSecret, wayInSeed]);
  }),
  ...each("card", card.invalid, ({ rows: pictures, wrongRows }) => same(picturesToCard(pictures), { wrongRows })),
];

const peopleChecks = (): Check[] => [
  {
    name: "people: a contact card and its hash",
    run: () => {
      const { card: encoded, hash, ...fields } = people.card;
      same(openContactCard(bytes(encoded)), fields);
      same(hashCard(bytes(encoded)), hash);
    },
  },
  {
    name: "people: by what a device is known",
    run: () => {
      const { publicKey, box, hash } = people.device;
      same(hashDevice({ publicKey: bytes(publicKey), box: bytes(box) }), hash);
    },
  },
  ...each("people, card", people.invalidCards, (one) => refused(() => openContactCard(bytes(one.card)), one.expect)),
  {
    name: "people: an invitation and the card it opens",
    run: () => {
      const { text, sealedCard, mailbox, dropSeed, qrSecret, expires } = people.invitation;
      const invitation = parseInvitation(text);
      same(encodeInvitation(invitation), text);
      same(invitation, { mailbox, dropSeed, qrSecret, cardHash: people.card.hash, expires });
      same(openInvitedCard(invitation, bytes(sealedCard)).card, people.card.card);
    },
  },
  ...each("people, invitation", people.invalidInvitations, (one) =>
    refused(() => parseInvitation(one.text), one.expect),
  ),
];

const rosterChecks = (): Check[] => {
  const pinned = {
    space: word(rosters.pinned.space),
    owner: bytes(rosters.pinned.owner),
    genesis: bytes(rosters.pinned.genesis),
  };
  const verify = (checkpoints: readonly string[]) =>
    verifyRoster(
      checkpoints.map((one) => bytes(one)),
      pinned,
    );
  return [
    {
      name: "rosters: an honest chain",
      run: () => {
        const { checkpoints, ...expected } = rosters.valid;
        const result = verify(checkpoints);
        if ("problem" in result) throw new Error(result.problem);
        const { epoch, number, hash, members } = result.roster;
        same({ epoch, number, hash, members }, expected);
      },
    },
    ...each("rosters", rosters.invalid, ({ checkpoints, problem, at }) => same(verify(checkpoints), { problem, at })),
  ];
};

const rowChecks = (): Check[] => {
  const keysOf = (vaultKey: string) => ({ seal: deriveRowSealKey(bytes(vaultKey)) });
  const ladderAt = ({ space, epoch }: { readonly space: string; readonly epoch: number }) =>
    deriveLadder({ right: "own", seed: bytes(rows.presence.ownSeed), space: word(space), epoch });
  return [
    ...each("rows", rows.rows, ({ vaultKey, table, key, plaintext, nonce, sealed }) => {
      same(openRow(keysOf(vaultKey), { table, key }, bytes(sealed)), plaintext);
      same(
        drawing([nonce], () => sealRow(keysOf(vaultKey), { table, key }, bytes(plaintext))),
        sealed,
      );
    }),
    ...each("rows", rows.invalidRows, ({ vaultKey, table, key, sealed, expect }) =>
      refused(() => openRow(keysOf(vaultKey), { table, key }, bytes(sealed)), expect),
    ),
    ...each("row names", rows.names, ({ nameKey, parts, name }) =>
      same(nameRow({ name: bytes(nameKey) }, ...parts), name),
    ),
    {
      name: "presence",
      run: () => {
        const { place, plaintext, nonce, sealed } = rows.presence;
        same(openPresence(ladderAt(place), word(place.document), bytes(sealed)), plaintext);
        same(
          drawing([nonce], () => sealPresence(ladderAt(place), word(place.document), bytes(plaintext))),
          sealed,
        );
      },
    },
    ...each("presence", rows.invalidPresence, ({ place, sealed, expect }) =>
      refused(() => openPresence(ladderAt(place), word(place.document), bytes(sealed)), expect),
    ),
    {
      name: "what a rotation renews",
      run: () => {
        for (const { ownSeed, writeSeed, device, author, deviceKey, pairKey, ...place } of renewed.valid) {
          const at = { space: word(place.space), epoch: place.epoch };
          same(deriveAuthorKeys(bytes(ownSeed), at).publicKey, author);
          same(deriveDeviceKey(bytes(ownSeed), at, device), deviceKey);
          same(derivePairKey(bytes(writeSeed), at), pairKey);
        }
      },
    },
    {
      name: "media keys",
      run: () => same(deriveBlobKey(bytes(rows.media.root), word(rows.media.blob)), rows.media.key),
    },
  ];
};

const payloadChecks = (): Check[] => {
  const owner = bytes(payloads.owner.publicKey);
  return [
    ...each("epoch keys", payloads.epochKeys, ({ name: _, bytes: encoded, ownerPrivateKey, ...fields }) => {
      const parsed = parseEpochKeys(bytes(encoded));
      same(parsed, { ...fields, ...(ownerPrivateKey !== "" && { ownerPrivateKey }) });
      same(encodeEpochKeys(parsed), encoded);
    }),
    ...each("epoch keys", payloads.invalidEpochKeys, (one) =>
      refused(() => parseEpochKeys(bytes(one.bytes)), one.expect),
    ),
    {
      name: "tombstones",
      run: () => {
        const { tombstone, ...fields } = payloads.tombstone;
        const opened = openTombstone(bytes(tombstone), owner);
        same(opened, fields);
        const { privateKey } = signingPairFromSeed(bytes(payloads.owner.seed));
        same(signTombstone({ ...opened, gaps: opened.gaps.toReversed() }, privateKey as never), tombstone);
      },
    },
    ...each("tombstones", payloads.invalidTombstones, (one) =>
      refused(() => openTombstone(bytes(one.tombstone), owner), one.expect),
    ),
    {
      name: "helpers: any two of three, or all",
      run: async () => {
        const { secret, set, shares, boxSeed, wrapSecret } = payloads.helpers;
        for (const given of [
          [0, 1],
          [2, 1],
          [0, 2],
          [0, 1, 2],
        ]) {
          const chosen = given.map((index) => bytes(shares[index]!));
          same(await combineFromHelpers(chosen), { secret });
          same(await combineFromHelpers(chosen, word(set)), { secret });
        }
        const keys = deriveHelpersKeys(bytes(secret));
        same([keys.box.seed, keys.wrapSecret], [boxSeed, wrapSecret]);
      },
    },
    ...each("helpers", payloads.invalidHelpers, async ({ shares, wrongShares }) =>
      same(await combineFromHelpers(shares.map((one) => bytes(one))), { wrongShares }),
    ),
    {
      name: "the door",
      run: () => {
        const { seed, encapsulation, nonce, plaintext, item } = payloads.door;
        same(openFromDoor({ seed: bytes(seed) }, bytes(item)), plaintext);
        const { publicKey } = boxKeyPairFromSeed(bytes(seed));
        same(
          drawing([encapsulation, nonce], () => sealForDoor(publicKey as never, bytes(plaintext))),
          item,
        );
      },
    },
    ...each("the door", payloads.invalidDoor, ({ seed, item, expect }) =>
      refused(() => openFromDoor({ seed: bytes(seed) }, bytes(item)), expect),
    ),
  ];
};

const pairingChecks = (): Check[] => {
  const { inviter, joiner, draws, messages, pairKey, pictures } = pairing;
  const invitation = {
    mailbox: word(pairing.mailbox),
    qrSecret: bytes(pairing.qrSecret),
    cardHash: hashCard(bytes(inviter.card)),
  };
  const inviterBox = bytes(inviter.boxSeed);
  const reply = (side: typeof inviter) => ({ replyDropSeed: bytes(side.drop), extra: bytes(side.extra) });
  const request = () =>
    drawing([joiner.secret, joiner.nonce, draws.request.encapsulation, draws.request.nonce], () =>
      createJoin({ invitation, inviterCard: bytes(inviter.card), joinerCard: bytes(joiner.card), ...reply(joiner) }),
    );
  const answer = () =>
    drawing([inviter.secret, inviter.nonce, draws.answer.encapsulation, draws.answer.nonce], () =>
      acceptJoin({ invitation, inviterBox, ...reply(inviter) }, bytes(messages.request)),
    );
  const finish = (message: string) =>
    finishJoin(request().state, bytes(joiner.boxSeed), bytes(message), bytes(joiner.extra));
  const takers: Readonly<Record<string, (message: string) => unknown>> = {
    request: (message) => readJoin(invitation, inviterBox, bytes(message)),
    answer: finish,
    finish: (message) => completeJoin(answer().state, bytes(message)),
  };
  const told = pairing.introduction;
  const between = { sender: bytes(told.sender), recipient: bytes(told.recipient) };
  const identity = bytes(pairing.identity);
  return [
    {
      name: "pairing: three messages to the byte, one key and seven pictures at both ends",
      run: () => {
        const { message, state } = request();
        same([message, answer().message], [messages.request, messages.answer]);
        const joined = drawing([draws.finish], () =>
          finishJoin(state, bytes(joiner.boxSeed), bytes(messages.answer), bytes(joiner.extra)),
        );
        same([joined.message, joined.pairKey, joined.pictures], [messages.finish, pairKey, pictures]);
        same([joined.replyDropSeed, joined.extra], [inviter.drop, inviter.extra]);
        const completed = completeJoin(answer().state, bytes(messages.finish));
        same([completed.pairKey, completed.pictures, completed.extra], [pairKey, pictures, joiner.extra]);
      },
    },
    ...each("pairing", pairing.invalidMessages, ({ step, message, expect }) =>
      refused(() => takers[step]!(message), expect),
    ),
    {
      name: "pairing: what a pair key is for",
      run: () => {
        const { space, psk, wrapSecret, tag } = pairing.circle;
        const secret = pairWrapSecret(bytes(pairKey));
        same([circlePsk(bytes(pairKey), word(space)), secret, wrapTag(secret, word(space))], [psk, wrapSecret, tag]);
      },
    },
    {
      name: "introductions",
      run: () => {
        const box = bytes(joiner.boxSeed);
        same(openIntroduction(bytes(pairKey), between, box, bytes(told.introduction)), {
          id: told.id,
          bytes: told.plaintext,
        });
        const { publicKey } = boxKeyPairFromSeed(box);
        const make = () =>
          macIntroduction(bytes(pairKey), { ...between, id: word(told.id) }, publicKey, bytes(told.plaintext));
        same(drawing([told.encapsulation, told.nonce], make), told.introduction);
      },
    },
    ...each("introductions", pairing.invalidIntroductions, (one) =>
      refused(
        () =>
          openIntroduction(
            bytes(one.pairKey),
            { sender: bytes(one.sender), recipient: bytes(one.recipient) },
            bytes(joiner.boxSeed),
            bytes(one.introduction),
          ),
        one.expect,
      ),
    ),
    {
      name: "device certificates and statements",
      run: () => {
        const { device, box, bytes: certificate } = pairing.certificate;
        same(openDeviceCertificate(bytes(certificate), identity), { publicKey: device, box });
        same(openStatement(bytes(pairing.statement.bytes), identity), pairing.statement.text);
      },
    },
    ...each("device certificates", pairing.invalidCertificates, (one) =>
      refused(() => openDeviceCertificate(bytes(one.bytes), identity), one.expect),
    ),
    ...each("statements", pairing.invalidStatements, (one) =>
      refused(() => openStatement(bytes(one.bytes), identity), one.expect),
    ),
  ];
};

/** All of them. Needs `ready()` of crypto/ first. */
export const vectorChecks = (): readonly Check[] => [
  ...recordChecks(),
  ...blobChecks(),
  ...wrapChecks(),
  ...wayInChecks(),
  ...capabilityChecks(),
  ...cardChecks(),
  ...peopleChecks(),
  ...rosterChecks(),
  ...rowChecks(),
  ...payloadChecks(),
  ...pairingChecks(),
];
