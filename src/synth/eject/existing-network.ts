import type { NetworkSettings } from "../settings.ts";
import type { NamedValue } from "./emit.ts";
import { printCode, quoted } from "./code.ts";

/** Names for the ids of a VPC that exists, which the template repeats. */
export function existingNetworkValues(network: NetworkSettings): readonly NamedValue[] {
  const { vpcId, subnetIds, securityGroupIds } = network;
  if (vpcId === undefined) return [];
  return [
    { value: vpcId, code: "vpcId", imported: "vpcId" },
    ...listValues("subnetIds", subnetIds),
    ...listValues("securityGroupIds", securityGroupIds),
  ];
}

function listValues(name: string, ids: readonly string[] | undefined): NamedValue[] {
  if (ids === undefined) return [];
  return [
    { value: ids, code: name, imported: name },
    { value: ids.join(","), code: `${name}.join(",")`, imported: name },
  ];
}

/** The file that says which VPC is meant; none where the stack makes its own. */
export function existingNetworkFile(network: NetworkSettings): Readonly<Record<string, string>> {
  const { vpcId, subnetIds, securityGroupIds } = network;
  if (vpcId === undefined) return {};
  const lists = [
    ["subnetIds", "Where Lambda starts instances, at least one in each zone.", subnetIds],
    ["securityGroupIds", "Of the instances.", securityGroupIds],
  ] as const;
  const text = lists.flatMap(([name, about, ids]) => {
    if (ids === undefined) return [];
    const lead = `export const ${name} = `;
    return [`/** ${about} */\n${lead}${printCode({ items: ids.map(quoted) }, 0, lead.length)};\n`];
  });
  return {
    "existing-network.ts": [
      `/** ${origin(network)} */\nexport const vpcId = ${quoted(vpcId)};\n`,
      ...text,
    ].join("\n"),
  };
}

/** How it was found: nothing looks it up again. */
function origin({ defaultVpc, vpcTags }: NetworkSettings): string {
  if (defaultVpc) return "The default VPC of the account, as it was found once.";
  const tags = Object.entries(vpcTags ?? {}).map(([key, value]) => `${key}=${value}`);
  const plain = tags.join(", ").replaceAll("*/", "* /");
  return tags.length === 0
    ? "A VPC that exists."
    : `The VPC tagged ${plain}, as it was found once.`;
}
