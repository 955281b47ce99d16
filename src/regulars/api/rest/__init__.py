"""The public interface of the desk, for programs: `/api/v1/`."""
