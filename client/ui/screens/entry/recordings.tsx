import type { OpenEntry } from "../../../state/entry.ts";
import { Icon } from "../../parts/icon.tsx";
import { RecordingView, recordingName } from "../../parts/recording-view.tsx";
import { t } from "../../text.ts";

/** The entry's voice notes and videos; each can be taken out again. */
export function Recordings({ entry }: { entry: OpenEntry }) {
  const recordings = entry.recordings.value;
  if (recordings.length === 0) return null;
  return (
    <ul class="recordings">
      {recordings.map((recording, index) => {
        const name = recordingName(recordings, index);
        return (
          <li key={recording.media.blob}>
            <RecordingView recording={recording} name={name} />
            <button
              type="button"
              class="recording-out"
              aria-label={`${t("recording.out")}: ${name}`}
              onClick={() => entry.removeRecording(recording.media.blob)}
            >
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
