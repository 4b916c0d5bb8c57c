"""Where this catalog stands: the addresses of its things, the same for every form that it is exported in."""

from dataclasses import dataclass

from app.catalog.models import Dataset
from app.organizations.models import Organization


@dataclass(frozen=True)
class Site:
    """The installation as others know it: the address that people type, without a slash at its end, and the consortium's name."""

    root: str
    consortium: str

    @property
    def catalog(self) -> str:
        """The catalog itself."""
        return f"{self.root}/datasets"

    def dataset(self, row: Dataset) -> str:
        """A dataset. The words of its title are left out, so that the address stays when the title changes."""
        return f"{self.root}/datasets/{row.reference}"

    def policy(self, row: Dataset) -> str:
        """The terms that any use of the dataset starts from."""
        return f"{self.dataset(row)}.odrl.json"

    def organization(self, organization: Organization) -> str:
        """An organization."""
        return f"{self.root}/organizations/{organization.slug}"
