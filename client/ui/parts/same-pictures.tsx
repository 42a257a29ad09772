import { Button } from "./button.tsx";
import { NamedPicture } from "./picture.tsx";
import { Screen } from "./screen.tsx";

export interface SamePicturesProps {
  readonly title: string;
  readonly lead: string;
  readonly pictures: readonly number[];
  readonly yes: string;
  readonly no: string;
  /** Null once "the same" was said here: then `lead` says what is waited for. */
  readonly onAnswer: ((same: boolean) => void) | null;
  readonly back: () => void;
}

/** Seven pictures to be the same on two screens; both answers are equally big. */
export function SamePictures({ title, lead, pictures, yes, no, onAnswer, back }: SamePicturesProps) {
  return (
    <Screen
      back={back}
      hem={
        onAnswer !== null && (
          <div class="equal">
            <Button kind="line" onPress={() => onAnswer(false)}>
              {no}
            </Button>
            <Button kind="line" onPress={() => onAnswer(true)}>
              {yes}
            </Button>
          </div>
        )
      }
    >
      <h1>{title}</h1>
      <p class="lead" role="status">
        {lead}
      </p>
      <ol class="mine">
        {pictures.map((picture, index) => (
          <li key={index}>
            <NamedPicture picture={picture} />
          </li>
        ))}
      </ol>
    </Screen>
  );
}
