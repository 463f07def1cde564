"""The register's tables. Short writes only: commands and the server share one database."""

from typing import ClassVar

from django.db import models

from sync.protocol import State


class Screen(models.Model):
    """One screen of a gate, as releases name it."""

    gate = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        """A screen is named once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["gate", "name"], name="one_screen_of_a_name")]
        ordering: ClassVar = ["gate", "name"]

    def __str__(self) -> str:
        return f"{self.gate}/{self.name}"


class Device(models.Model):
    """A kiosk's key, the screen it asked for, and where it stands.

    ``counter`` is that of its last request that changed something; ``boots`` are the last boots heard of, the newest
    last.
    """

    id = models.CharField(primary_key=True, max_length=32)
    public_key = models.BinaryField(max_length=32)
    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="devices")
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State], db_index=True)
    reason = models.CharField(max_length=500, blank=True)
    machine = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    software = models.CharField(max_length=200, blank=True)
    enrolled = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    counter = models.BigIntegerField(default=0)
    boots = models.JSONField(default=list)

    class Meta:
        """The oldest first."""

        ordering: ClassVar = ["enrolled", "id"]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"


class EnrolmentCode(models.Model):
    """A one-time code, of which only the digest is kept."""

    digest = models.CharField(primary_key=True, max_length=64)
    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="codes")
    made = models.DateTimeField()
    expires = models.DateTimeField()
    used_by = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"{self.screen_id}, until {self.expires:%Y-%m-%d %H:%M}"


class StatusRecord(models.Model):
    """What a device reported. The newest is kept up to date; older ones are those after which something changed."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="reports")
    first = models.DateTimeField()
    """When this was first reported."""
    latest = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        """Found by device, the newest first."""

        indexes: ClassVar = [models.Index(fields=["device", "-first"], name="reports_of_a_device")]

    def __str__(self) -> str:
        return f"{self.device_id}, {self.latest:%Y-%m-%d %H:%M}"


class Suspicion(models.Model):
    """Something that makes a device look cloned or moved; one row a kind and device, counted."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="suspicions")
    kind = models.CharField(max_length=20)
    detail = models.CharField(max_length=500)
    first = models.DateTimeField()
    latest = models.DateTimeField()
    times = models.IntegerField(default=1)

    class Meta:
        """Counted, not repeated."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "kind"], name="one_suspicion_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.device_id}: {self.kind}"


class Revision(models.Model):
    """One row: how often screens and devices changed. The server looks at it to know when to read them again."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
