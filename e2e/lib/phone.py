"""A calendar program against a running Sila, with the libraries `caldav` and `vobject`: create, change, recur, cancel one
occurrence, be refused with an old version, keep in step by token, and the same for a contact.

    python3 e2e/lib/phone.py http://127.0.0.1:8080 user@example.com TOKEN
"""

import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import caldav
import niquests as requests

url, user, token = sys.argv[1:4]
riyadh = ZoneInfo("Asia/Riyadh")
client = caldav.DAVClient(url=f"{url}/dav/", username=user, password=token)
principal = client.principal()
calendars = {c.get_display_name() if hasattr(c, "get_display_name") else c.name: c for c in principal.calendars()}
print("calendars:", sorted(calendars))
mine = next(c for c in principal.calendars() if str(c.url).rstrip("/").endswith("/calendar"))
tasks = next(c for c in principal.calendars() if str(c.url).rstrip("/").endswith("/tasks"))

# create
start = datetime(2026, 3, 2, 9, 0, tzinfo=riyadh)
made = mine.save_event(dtstart=start, dtend=start + timedelta(hours=1), summary="زيارة العميل", rrule={"FREQ": "WEEKLY", "COUNT": 4})
assert "زيارة العميل" in mine.event_by_url(made.url).data

# a synchronised copy, then a change by the program
copy = mine.objects(load_objects=True)
made.load()
made.icalendar_component["SUMMARY"] = "زيارة العميل الجديد"
made.icalendar_component.add("X-PHONE", "kept")
made.save()
assert "X-PHONE:kept" in mine.event_by_url(made.url).data
updated, deleted = copy.sync()
assert len(updated) == 1 and not deleted, (updated, deleted)

# recurrence: four Mondays, one of them cancelled
found = mine.search(start=start, end=start + timedelta(days=60), event=True, expand=True)
assert len(found) == 4, found
made.load()
made.icalendar_component.add("EXDATE", start + timedelta(days=7))
made.save()
found = mine.search(start=start, end=start + timedelta(days=60), event=True, expand=True)
assert len(found) == 3, found

# a version that is not the last one
head = {"If-Match": '"1-0-0"', "Content-Type": "text/calendar"}
stale = requests.put(str(made.url), data=made.data.encode(), headers=head, auth=(user, token), timeout=10)
assert stale.status_code == 412, stale.status_code

# busy
busy = mine.freebusy_request(start, start + timedelta(hours=2))
assert "FREEBUSY" in busy.data

# a task, done
todo = tasks.save_todo(summary="إرسال العقد", due=start)
todo.load()
todo.complete()
assert not [t for t in tasks.todos() if "إرسال العقد" in t.data]

# removed
made.delete()
updated, deleted = copy.sync()
assert len(deleted) == 1, (updated, deleted)
print("caldav: ok")

# a contact
import vobject

card = vobject.vCard()
card.add("n").value = vobject.vcard.Name(family="الشمري", given="سالم")
card.add("fn").value = "سالم الشمري"
card.add("uid").value = "phone-1"
tel = card.add("tel")
tel.value, tel.type_param = "+966550001122", "CELL"
home = str(principal.url).replace("principals", "addressbooks") + "contacts/phone-1.vcf"
put = requests.put(home, data=card.serialize().encode(), headers={"If-None-Match": "*"}, auth=(user, token), timeout=10)
assert put.status_code == 201, (put.status_code, put.text)
back = vobject.readOne(requests.get(home, auth=(user, token), timeout=10).text)
assert back.fn.value == "سالم الشمري" and back.tel.value == "+966550001122", back
assert requests.delete(home, auth=(user, token), timeout=10).status_code in (204, 403)
print("carddav: ok")
