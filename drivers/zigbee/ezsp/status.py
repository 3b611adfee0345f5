"""What a command came to: sl_status values, which EZSP writes in four bytes from version 14 on.

Version 13 and below write one byte, of EmberStatus (what the stack says) or of EzspStatus (what the serial protocol
says); both are translated to and from sl_status here, so that nobody else knows of them. Silicon Labs' sl_status.h and
error-def.h (EmberStatus, EmberZNet 7.4), UG100 "EzspStatus". An old status and an sl_status belong together by their
names; where the names differ, the old one stands beside it.
"""

from enum import IntEnum
from typing import Annotated, Final, Self

from drivers.zigbee.wire import Number

SL_STATUS_SINCE: Final = 14
NEVER: Final = 0x100
"""A version that will not be: one byte remains one byte."""
_ERR_FATAL: Final = 0x01
ERROR_INVALID_CALL: Final = 0x38
_UNKNOWN_BYTE: Final = 0x1_0000
"""Above all sl_status values: one byte of an old status that has no sl_status, kept in the low eight bits."""


class Status(IntEnum):
    """Unknown values are kept as they are: `Status(0x7777)` is a status like any other, only without a name."""

    OK = 0x0000
    FAIL = 0x0001
    INVALID_STATE = 0x0002
    NOT_READY = 0x0003
    BUSY = 0x0004
    IN_PROGRESS = 0x0005
    ABORT = 0x0006
    TIMEOUT = 0x0007
    PERMISSION = 0x0008
    WOULD_BLOCK = 0x0009
    IDLE = 0x000A
    IS_WAITING = 0x000B
    NONE_WAITING = 0x000C
    SUSPENDED = 0x000D
    NOT_AVAILABLE = 0x000E
    NOT_SUPPORTED = 0x000F
    INITIALIZATION = 0x0010
    NOT_INITIALIZED = 0x0011
    ALREADY_INITIALIZED = 0x0012
    DELETED = 0x0013
    ISR = 0x0014
    NETWORK_UP = 0x0015
    NETWORK_DOWN = 0x0016
    NOT_JOINED = 0x0017
    NO_BEACONS = 0x0018
    ALLOCATION_FAILED = 0x0019
    NO_MORE_RESOURCE = 0x001A
    EMPTY = 0x001B
    FULL = 0x001C
    WOULD_OVERFLOW = 0x001D
    HAS_OVERFLOWED = 0x001E
    OWNERSHIP = 0x001F
    IS_OWNER = 0x0020
    INVALID_PARAMETER = 0x0021
    NULL_POINTER = 0x0022
    INVALID_CONFIGURATION = 0x0023
    INVALID_MODE = 0x0024
    INVALID_HANDLE = 0x0025
    INVALID_TYPE = 0x0026
    INVALID_INDEX = 0x0027
    INVALID_RANGE = 0x0028
    INVALID_KEY = 0x0029
    INVALID_CREDENTIALS = 0x002A
    INVALID_COUNT = 0x002B
    INVALID_SIGNATURE = 0x002C
    NOT_FOUND = 0x002D
    ALREADY_EXISTS = 0x002E
    IO = 0x002F
    IO_TIMEOUT = 0x0030
    TRANSMIT = 0x0031
    TRANSMIT_UNDERFLOW = 0x0032
    TRANSMIT_INCOMPLETE = 0x0033
    TRANSMIT_BUSY = 0x0034
    RECEIVE = 0x0035
    OBJECT_READ = 0x0036
    OBJECT_WRITE = 0x0037
    MESSAGE_TOO_LONG = 0x0038
    EEPROM_MFG_VERSION_MISMATCH = 0x0039
    EEPROM_STACK_VERSION_MISMATCH = 0x003A
    FLASH_WRITE_INHIBITED = 0x003B
    FLASH_VERIFY_FAILED = 0x003C
    FLASH_PROGRAM_FAILED = 0x003D
    FLASH_ERASE_FAILED = 0x003E
    MAC_NO_DATA = 0x003F
    MAC_NO_ACK_RECEIVED = 0x0040
    MAC_INDIRECT_TIMEOUT = 0x0041
    MAC_UNKNOWN_HEADER_TYPE = 0x0042
    MAC_ACK_HEADER_TYPE = 0x0043
    MAC_COMMAND_TRANSMIT_FAILURE = 0x0044
    CLI_STORAGE_NVM_OPEN_ERROR = 0x0045
    SECURITY_IMAGE_CHECKSUM_ERROR = 0x0046
    SECURITY_DECRYPT_ERROR = 0x0047
    COMMAND_IS_INVALID = 0x0048
    COMMAND_TOO_LONG = 0x0049
    COMMAND_INCOMPLETE = 0x004A
    BUS_ERROR = 0x004B
    CCA_FAILURE = 0x004C
    MAC_SCANNING = 0x004D
    MAC_INCORRECT_SCAN_TYPE = 0x004E
    INVALID_CHANNEL_MASK = 0x004F
    BAD_SCAN_DURATION = 0x0050
    MAC_TRANSMIT_QUEUE_FULL = 0x0053
    TRANSMIT_SCHEDULER_FAIL = 0x0054
    TRANSMIT_INVALID_CHANNEL = 0x0055
    TRANSMIT_INVALID_POWER = 0x0056
    TRANSMIT_ACK_RECEIVED = 0x0057
    TRANSMIT_BLOCKED = 0x0058
    NVM3_ALIGNMENT_INVALID = 0x0059
    NVM3_SIZE_TOO_SMALL = 0x005A
    NVM3_PAGE_SIZE_NOT_SUPPORTED = 0x005B
    NVM3_TOKEN_INIT_FAILED = 0x005C
    NVM3_OPENED_WITH_OTHER_PARAMETERS = 0x005D
    ZIGBEE_PACKET_HANDOFF_DROPPED = 0x0C01
    ZIGBEE_DELIVERY_FAILED = 0x0C02
    ZIGBEE_MAX_MESSAGE_LIMIT_REACHED = 0x0C03
    ZIGBEE_BINDING_IS_ACTIVE = 0x0C04
    ZIGBEE_ADDRESS_TABLE_ENTRY_IS_ACTIVE = 0x0C05
    ZIGBEE_MOVE_FAILED = 0x0C06
    ZIGBEE_NODE_ID_CHANGED = 0x0C07
    ZIGBEE_INVALID_SECURITY_LEVEL = 0x0C08
    ZIGBEE_IEEE_ADDRESS_DISCOVERY_IN_PROGRESS = 0x0C09
    ZIGBEE_APS_ENCRYPTION_ERROR = 0x0C0A
    ZIGBEE_SECURITY_STATE_NOT_SET = 0x0C0B
    ZIGBEE_TOO_SOON_FOR_SWITCH_KEY = 0x0C0C
    ZIGBEE_SIGNATURE_VERIFY_FAILURE = 0x0C0D
    ZIGBEE_KEY_NOT_AUTHORIZED = 0x0C0E
    ZIGBEE_BINDING_HAS_CHANGED = 0x0C0F
    ZIGBEE_TRUST_CENTER_SWAP_EUI_HAS_CHANGED = 0x0C10
    ZIGBEE_TRUST_CENTER_SWAP_EUI_HAS_NOT_CHANGED = 0x0C11
    ZIGBEE_INSUFFICIENT_RANDOM_DATA = 0x0C12
    ZIGBEE_SOURCE_ROUTE_FAILURE = 0x0C13
    ZIGBEE_MANY_TO_ONE_ROUTE_FAILURE = 0x0C14
    ZIGBEE_STACK_AND_HARDWARE_MISMATCH = 0x0C15
    ZIGBEE_PAN_ID_CHANGED = 0x0C16
    ZIGBEE_CHANNEL_CHANGED = 0x0C17
    ZIGBEE_NETWORK_OPENED = 0x0C18
    ZIGBEE_NETWORK_CLOSED = 0x0C19
    ZIGBEE_RECEIVED_KEY_IN_THE_CLEAR = 0x0C1A
    ZIGBEE_NO_NETWORK_KEY_RECEIVED = 0x0C1B
    ZIGBEE_NO_LINK_KEY_RECEIVED = 0x0C1C
    ZIGBEE_PRECONFIGURED_KEY_REQUIRED = 0x0C1D
    ZIGBEE_EZSP_ERROR = 0x0C1E
    ZIGBEE_ID_DISCOVERY_FAILED = 0x0C1F
    ZIGBEE_NO_APS_ACK = 0x0C20
    ZIGBEE_APS_MESSAGE_CANCELED = 0x0C21
    ZIGBEE_ID_DISCOVERY_NOT_ENABLED = 0x0C22
    ZIGBEE_ID_DISCOVERY_UNDERWAY = 0x0C23
    ZIGBEE_SEND_UNICAST_ROUTE_DISCOVERY_UNDERWAY = 0x0C24
    ZIGBEE_SEND_UNICAST_FAILURE = 0x0C25
    ZIGBEE_SEND_UNICAST_NO_ROUTE = 0x0C26
    ZIGBEE_BROADCAST_TO_SLEEPY_CHILDREN_TIMEOUT = 0x0C27
    ZIGBEE_BROADCAST_RELAY_FAILED = 0x0C28

    @property
    def ok(self) -> bool:
        return self == 0

    def __str__(self) -> str:
        return self.name

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        unnamed = int.__new__(cls, value)
        unnamed._name_ = f"STATUS_0x{value:04X}"
        unnamed._value_ = value
        return unnamed


# EmberStatus of error-def.h. Where several became one sl_status, the first is the one that is written.
EMBER_STATUSES: Final[tuple[tuple[int, Status], ...]] = (
    (0x00, Status.OK),
    (0x01, Status.FAIL),  # ERR_FATAL
    (0x02, Status.INVALID_PARAMETER),  # BAD_ARGUMENT
    (0x03, Status.NOT_FOUND),
    (0x06, Status.EEPROM_MFG_VERSION_MISMATCH),
    (0x07, Status.EEPROM_STACK_VERSION_MISMATCH),
    (0x18, Status.ALLOCATION_FAILED),  # NO_BUFFERS
    (0x19, Status.ZIGBEE_PACKET_HANDOFF_DROPPED),
    (0x31, Status.MAC_NO_DATA),
    (0x33, Status.BAD_SCAN_DURATION),
    (0x34, Status.MAC_INCORRECT_SCAN_TYPE),
    (0x35, Status.INVALID_CHANNEL_MASK),
    (0x36, Status.MAC_COMMAND_TRANSMIT_FAILURE),
    (0x39, Status.MAC_TRANSMIT_QUEUE_FULL),
    (0x3A, Status.MAC_UNKNOWN_HEADER_TYPE),
    (0x3B, Status.MAC_ACK_HEADER_TYPE),
    (0x3D, Status.MAC_SCANNING),
    (0x40, Status.MAC_NO_ACK_RECEIVED),
    (0x42, Status.MAC_INDIRECT_TIMEOUT),
    (0x46, Status.FLASH_WRITE_INHIBITED),
    (0x47, Status.FLASH_VERIFY_FAILED),
    (0x4B, Status.FLASH_PROGRAM_FAILED),
    (0x4C, Status.FLASH_ERASE_FAILED),
    (0x66, Status.ZIGBEE_DELIVERY_FAILED),
    (0x70, Status.INVALID_STATE),  # INVALID_CALL
    (0x72, Status.ZIGBEE_MAX_MESSAGE_LIMIT_REACHED),
    (0x74, Status.MESSAGE_TOO_LONG),
    (0x75, Status.ZIGBEE_BINDING_IS_ACTIVE),
    (0x76, Status.ZIGBEE_ADDRESS_TABLE_ENTRY_IS_ACTIVE),
    (0x88, Status.TRANSMIT_UNDERFLOW),  # PHY_TX_UNDERFLOW
    (0x89, Status.TRANSMIT_INCOMPLETE),
    (0x8A, Status.TRANSMIT_INVALID_CHANNEL),
    (0x8B, Status.TRANSMIT_INVALID_POWER),
    (0x8C, Status.TRANSMIT_BUSY),
    (0x8D, Status.CCA_FAILURE),
    (0x8E, Status.TRANSMIT_BLOCKED),
    (0x8F, Status.TRANSMIT_ACK_RECEIVED),
    (0x90, Status.NETWORK_UP),
    (0x91, Status.NETWORK_DOWN),
    (0x93, Status.NOT_JOINED),
    (0x95, Status.ZIGBEE_INVALID_SECURITY_LEVEL),
    (0x96, Status.ZIGBEE_MOVE_FAILED),
    (0x99, Status.ZIGBEE_NODE_ID_CHANGED),
    (0x9A, Status.ZIGBEE_PAN_ID_CHANGED),
    (0x9B, Status.ZIGBEE_CHANNEL_CHANGED),
    (0x9C, Status.ZIGBEE_NETWORK_OPENED),
    (0x9D, Status.ZIGBEE_NETWORK_CLOSED),
    (0xA1, Status.BUSY),  # NETWORK_BUSY
    (0xA4, Status.ZIGBEE_BINDING_HAS_CHANGED),
    (0xA5, Status.ZIGBEE_INSUFFICIENT_RANDOM_DATA),
    (0xA6, Status.ZIGBEE_APS_ENCRYPTION_ERROR),
    (0xA8, Status.ZIGBEE_SECURITY_STATE_NOT_SET),
    (0xA9, Status.ZIGBEE_SOURCE_ROUTE_FAILURE),
    (0xAA, Status.ZIGBEE_MANY_TO_ONE_ROUTE_FAILURE),
    (0xAB, Status.NO_BEACONS),
    (0xAC, Status.ZIGBEE_RECEIVED_KEY_IN_THE_CLEAR),
    (0xAD, Status.ZIGBEE_NO_NETWORK_KEY_RECEIVED),
    (0xAE, Status.ZIGBEE_NO_LINK_KEY_RECEIVED),
    (0xAF, Status.ZIGBEE_PRECONFIGURED_KEY_REQUIRED),
    (0xB0, Status.ZIGBEE_STACK_AND_HARDWARE_MISMATCH),
    (0xB1, Status.INVALID_INDEX),  # INDEX_OUT_OF_RANGE
    (0xB2, Status.INVALID_KEY),  # KEY_INVALID
    (0xB4, Status.FULL),  # TABLE_FULL
    (0xB5, Status.NOT_AVAILABLE),  # LIBRARY_NOT_PRESENT
    (0xB7, Status.INVALID_CONFIGURATION),  # SECURITY_CONFIGURATION_INVALID
    (0xB8, Status.ZIGBEE_TOO_SOON_FOR_SWITCH_KEY),
    (0xB9, Status.ZIGBEE_SIGNATURE_VERIFY_FAILURE),
    (0xBA, Status.IN_PROGRESS),  # OPERATION_IN_PROGRESS
    (0xBB, Status.ZIGBEE_KEY_NOT_AUTHORIZED),
    (0xBC, Status.ZIGBEE_TRUST_CENTER_SWAP_EUI_HAS_CHANGED),
    (0xBE, Status.ZIGBEE_IEEE_ADDRESS_DISCOVERY_IN_PROGRESS),
    (0xBF, Status.ZIGBEE_TRUST_CENTER_SWAP_EUI_HAS_NOT_CHANGED),
    (0x69, Status.INVALID_INDEX),  # BINDING_INDEX_OUT_OF_RANGE
    (0x6A, Status.INVALID_INDEX),  # ADDRESS_TABLE_INDEX_OUT_OF_RANGE
    (0x6C, Status.INVALID_INDEX),  # INVALID_BINDING_INDEX
    (0xA3, Status.INVALID_PARAMETER),  # INVALID_ENDPOINT
    (0xB3, Status.NOT_FOUND),  # KEY_TABLE_INVALID_ADDRESS
    (0xB6, Status.NOT_FOUND),  # TABLE_ENTRY_ERASED
)

# UG100 "Ezsp Status": what the serial protocol says of configuration, policies, values and of a command it cannot take.
EZSP_STATUSES: Final[tuple[tuple[int, Status], ...]] = (
    (0x00, Status.OK),
    (0x30, Status.NOT_INITIALIZED),  # ERROR_VERSION_NOT_SET
    (0x31, Status.COMMAND_IS_INVALID),  # ERROR_INVALID_FRAME_ID
    (0x32, Status.INVALID_MODE),  # ERROR_WRONG_DIRECTION
    (0x33, Status.COMMAND_INCOMPLETE),  # ERROR_TRUNCATED
    (0x34, Status.WOULD_OVERFLOW),  # ERROR_OVERFLOW
    (0x35, Status.NO_MORE_RESOURCE),  # ERROR_OUT_OF_MEMORY
    (0x36, Status.INVALID_PARAMETER),  # ERROR_INVALID_VALUE
    (0x37, Status.NOT_SUPPORTED),  # ERROR_INVALID_ID
    (0x38, Status.INVALID_STATE),  # ERROR_INVALID_CALL
    (0x39, Status.TIMEOUT),  # ERROR_NO_RESPONSE
    (0x40, Status.COMMAND_TOO_LONG),
    (0x41, Status.FULL),  # ERROR_QUEUE_FULL
    (0x42, Status.PERMISSION),  # ERROR_COMMAND_FILTERED
)


class StatusByVersion:
    """Four bytes of sl_status; before version 14 one byte of the older status that the table translates."""

    def __init__(self, table: tuple[tuple[int, Status], ...], failure: int, since: int = SL_STATUS_SINCE) -> None:
        """`failure`: the byte for what the old status could not say."""
        self._failure: Final = failure
        self._since: Final = since
        self._of_byte: Final = dict(table)
        self._to_byte: Final[dict[int, int]] = {}
        for byte, status in table:
            self._to_byte.setdefault(status, byte)

    def pack(self, value: int, version: int) -> bytes:
        if version >= self._since:
            return value.to_bytes(4, "little")
        if value >> 8 == _UNKNOWN_BYTE >> 8:
            return bytes((value & 0xFF,))
        return bytes((self._to_byte.get(value, self._failure),))

    def unpack(self, data: bytes, at: int, version: int) -> tuple[Status, int]:
        if version >= self._since:
            value, end = _FOUR_BYTES.unpack(data, at, version)
            return Status(value), end
        byte, end = _ONE_BYTE.unpack(data, at, version)
        return self._of_byte[byte] if byte in self._of_byte else Status(_UNKNOWN_BYTE | byte), end


_ONE_BYTE: Final = Number(1)
_FOUR_BYTES: Final = Number(4)


StatusField = Annotated[Status, StatusByVersion(EMBER_STATUSES, _ERR_FATAL)]
EzspStatusField = Annotated[Status, StatusByVersion(EZSP_STATUSES, ERROR_INVALID_CALL)]
"""Of the commands that answered with an EzspStatus before version 14."""
SlStatusField = Annotated[Status, StatusByVersion(EMBER_STATUSES, _ERR_FATAL, since=0)]
"""An sl_status in every version: the security manager's commands had it before the others."""
EmberStatusField = Annotated[Status, StatusByVersion(EMBER_STATUSES, _ERR_FATAL, since=NEVER)]
"""Of the commands that were forgotten when the others went over to sl_status."""
