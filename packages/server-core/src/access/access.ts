import { ProtocolError } from "@tidemark/protocol";
import type { ChannelRequest } from "../request/channel-request.ts";
import { Cors, type CorsOptions } from "./cors.ts";
import { Hosts } from "./hosts.ts";

const WRONG_HOST =
  "The server does not accept the name in Host: add it to the option hosts (tidemark serve: --host-name)";
const FOREIGN_PAGE =
  "Pages of this origin may not write here: add it to the option cors.write (tidemark serve: --cors-write-origin)";

/** The checks that every request has to pass first: the name of the channel, the `Host`, and the `Origin` of a page. */
export class Access {
  readonly cors: Cors;
  readonly hosts: Hosts;

  /** @throws TypeError for an invalid option */
  constructor(options: {
    readonly cors?: CorsOptions | null;
    readonly hosts?: readonly string[] | null;
  }) {
    const { cors = {}, hosts } = options;
    this.cors = new Cors(cors);
    this.hosts = new Hosts(hosts);
  }

  /** @throws ProtocolError `no-such-channel`, `forbidden` */
  admit({ isNamed, host, method, headers: { origin } }: ChannelRequest): void {
    if (!isNamed) throw new ProtocolError("no-such-channel", "This is not a valid channel name");
    if (!this.hosts.accepts(host)) throw new ProtocolError("forbidden", WRONG_HOST);
    // A program sends no origin.
    if (origin === undefined || this.cors.allows(method, origin) || this.hosts.isOwn(origin, host)) return;
    throw new ProtocolError("forbidden", FOREIGN_PAGE);
  }
}
