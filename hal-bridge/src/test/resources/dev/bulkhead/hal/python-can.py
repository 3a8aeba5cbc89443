"""python-can against our socketcand: sends, and prints what it receives. Argument: port."""
import sys

import can

with can.Bus(interface="socketcand", channel="can0", host="127.0.0.1", port=int(sys.argv[1])) as bus:
    bus.send(can.Message(arbitration_id=0x123, data=[1, 2, 0xFF], is_extended_id=False))
    message = bus.recv(10)
    print("%03X#%s" % (message.arbitration_id, message.data.hex().upper()))
