/** What is said of charts whose kernel cannot be asked. */
import type { Connection } from "../connection";

/** Null while there is nothing to say. */
export function withoutKernel(connection: Connection): string | null {
  switch (connection) {
    case "connected":
      return null;
    case "gone":
      return "Disconnected: the kernel behind this has ended. What is drawn is from before; run the cell again.";
    case "offline":
      return "Disconnected: the kernel cannot be reached. What is drawn is from before.";
  }
}
