"""An outbox that is nothing but a dictionary: what the session asks of one, without a disk."""

from hubagent.uplink.message.channel import MessageClass
from hubagent.uplink.message.up import Message
from hubagent.uplink.outbox.terms import Stream

EPOCHS_MAX = 32
EPOCH_END = 1_000_000


class MemoryOutbox:
    """`kept` may be changed by a test, as bounds change it."""

    def __init__(self, *, boot: int = 1, epoch: int = 1, seq: int = 0) -> None:
        self.incarnation = b"incarn-1"
        self.boot = boot
        self.epoch = epoch
        self.seq = seq
        self.kept: dict[tuple[MessageClass, int], dict[int, bytes]] = {}
        self.notes: dict[str, int] = {}
        self.readable = True

    def put(self, message_class: MessageClass, content: bytes) -> int:
        self.seq += 1
        self.kept.setdefault((message_class, self.epoch), {})[self.seq] = content
        return self.seq

    def new_epoch(self) -> int:
        if self.seq and len({epoch for _, epoch in self.kept}) < EPOCHS_MAX:
            self.epoch, self.seq = self.epoch + 1, 0
        return self.epoch

    def outrun(self, epoch: int) -> bool:
        if epoch >= EPOCH_END:
            return False
        self.epoch, self.seq = max(self.epoch, epoch) + 1, 0
        return True

    def streams(self) -> list[Stream]:
        return [
            Stream(name, epoch, min(messages), max(messages), len(messages), sum(map(len, messages.values())))
            for (name, epoch), messages in sorted(self.kept.items(), key=lambda it: it[0][1])
        ]

    def read(self, message_class: MessageClass, epoch: int, after: int, most: int, size_max: int) -> list[Message]:
        found: list[Message] = []
        size = 0
        if not self.readable:
            return found
        messages = self.kept.get((message_class, epoch), {})
        previous = max((seq for seq in messages if seq <= after), default=0)
        for seq in sorted(seq for seq in messages if seq > after)[:most]:
            size += len(messages[seq])
            if found and size > size_max:
                break
            found.append(Message(epoch, seq, previous, messages[seq]))
            previous = seq
        return found

    def acknowledge(self, message_class: MessageClass, epoch: int, seq: int) -> None:
        self.drop(message_class, epoch, seq)

    def drop(self, message_class: MessageClass, epoch: int, through: int) -> None:
        key = message_class, epoch
        left = {seq: it for seq, it in self.kept.get(key, {}).items() if seq > through}
        if left:
            self.kept[key] = left
        else:
            self.kept.pop(key, None)

    def note(self, key: str, value: int) -> None:
        self.notes[key] = value

    def noted(self, key: str) -> int:
        return self.notes.get(key, 0)

    @property
    def count(self) -> int:
        return sum(map(len, self.kept.values()))
