// A letter in its frame: the frame is as high as the letter. Nothing in it runs; only its height is read.
import { island } from "./island";

island("iframe[data-island='letter']", (element) => {
  const frame = element as HTMLIFrameElement;
  const fit = () => {
    const body = frame.contentDocument?.body;
    if (body) frame.style.blockSize = `${Math.min(body.scrollHeight + 24, 20_000)}px`;
  };
  const begin = () => {
    fit();
    const body = frame.contentDocument?.body;
    if (!body) return;
    new ResizeObserver(fit).observe(body);
  };
  frame.addEventListener("load", begin);
  if (frame.contentDocument?.readyState === "complete") begin();
});
